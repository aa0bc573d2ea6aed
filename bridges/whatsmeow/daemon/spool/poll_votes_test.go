package spool

import (
	"path/filepath"
	"testing"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// Votes wait for their poll across a restart.
func TestSpool_votes_restart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whatsmeow.db")
	waiting, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, vote := range [][2]string{{"P1", "a"}, {"P2", "b"}, {"P1", "c"}, {"P1", "a"}} {
		if err := waiting.KeepVote(vote[0], []byte(vote[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := waiting.Close(); err != nil {
		t.Fatal(err)
	}
	if waiting, err = Open(path); err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	votes, err := waiting.VotesOn("P1")
	if err != nil || len(votes) != 2 || string(votes[0].Vote) != "a" || string(votes[1].Vote) != "c" {
		t.Fatalf("votes %+v (%v)", votes, err)
	}
	for _, vote := range votes {
		if err := waiting.ForgetVote(vote.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if polls, err := waiting.AwaitedPolls(); err != nil || len(polls) != 1 || polls[0] != "P2" {
		t.Errorf("polls %v (%v)", polls, err)
	}
}

// Beyond the limit the oldest votes are removed.
func TestSpool_KeepVote_limit(t *testing.T) {
	waiting := newSpool(t)
	if err := waiting.KeepVote("P", []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := waiting.transaction(func(s *sqlite.Conn) {
		s.Exec("INSERT INTO bridge_votes (seq, poll_id, vote) VALUES (@seq, 'P', x'78')", args{"seq": maxVotes})
	}); err != nil {
		t.Fatal(err)
	}
	if err := waiting.KeepVote("P", []byte("last")); err != nil {
		t.Fatal(err)
	}
	votes, err := waiting.VotesOn("P")
	if err != nil || len(votes) != 2 || string(votes[1].Vote) != "last" {
		t.Errorf("votes %+v (%v)", votes, err)
	}
}
