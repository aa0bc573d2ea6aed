package spool

import "whatsapp-hybrid-mcp/wa-bridge/sqlite"

const votesSchema = `
CREATE TABLE IF NOT EXISTS bridge_votes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  poll_id TEXT NOT NULL,
  vote BLOB NOT NULL,
  UNIQUE (poll_id, vote)
) STRICT`

func init() { register(votesSchema) }

// maxVotes limits the votes kept for polls that may never arrive. The oldest are removed first.
const maxVotes = 10_000

// KeptVote is an encrypted vote whose poll is not stored yet.
type KeptVote struct {
	Seq  int64
	Vote []byte
}

// KeepVote stores a vote until its poll arrives. A repeated vote changes nothing.
func (w *Spool) KeepVote(poll string, vote []byte) error {
	return w.transaction(func(s *sqlite.Conn) {
		s.Exec("INSERT INTO bridge_votes (poll_id, vote) VALUES (@poll, @vote) ON CONFLICT DO NOTHING", args{"poll": poll, "vote": vote})
		s.Exec("DELETE FROM bridge_votes WHERE seq <= (SELECT max(seq) FROM bridge_votes) - @most", args{"most": maxVotes})
	})
}

// VotesOn returns the votes that wait for a poll, oldest first.
func (w *Spool) VotesOn(poll string) (votes []KeptVote, err error) {
	err = w.read(func(s *sqlite.Conn) {
		s.Each("SELECT seq, vote FROM bridge_votes WHERE poll_id = @poll ORDER BY seq", args{"poll": poll}, func(scan func(...any)) {
			var one KeptVote
			scan(&one.Seq, &one.Vote)
			votes = append(votes, one)
		})
	})
	return votes, err
}

// AwaitedPolls returns the ids of the polls that votes wait for.
func (w *Spool) AwaitedPolls() (polls []string, err error) {
	err = w.read(func(s *sqlite.Conn) {
		s.Each("SELECT DISTINCT poll_id FROM bridge_votes", nil, func(scan func(...any)) {
			var id string
			scan(&id)
			polls = append(polls, id)
		})
	})
	return polls, err
}

// ForgetVote removes a vote.
func (w *Spool) ForgetVote(seq int64) error {
	return w.transaction(func(s *sqlite.Conn) { s.Exec("DELETE FROM bridge_votes WHERE seq = @seq", args{"seq": seq}) })
}
