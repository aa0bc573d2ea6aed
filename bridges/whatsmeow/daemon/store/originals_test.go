package store

import (
	"fmt"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/sqlite"
)

// document returns a message with a value in every column that a revoke empties.
func document() domain.Message {
	message := text("A1")
	message.Type, message.Content, message.Raw = "document", "quince", []byte("quince")
	message.Filename, message.Title = pointer("quince.pdf"), pointer("quince")
	return message
}

const shownText = "SELECT type, content, filename, title, hex(raw) AS raw, edited_at, revoked_at FROM messages"

func TestATextThatAPairTookBackComesBackWithItForSevenDays(t *testing.T) {
	taken := fmt.Sprintf(`{"content":"","edited_at":null,"filename":null,"raw":"","revoked_at":%d,"title":null,"type":"revoked"}`, begin+60)
	whole := `{"content":"quince","edited_at":null,"filename":"quince.pdf","raw":"7175696E6365","revoked_at":null,"title":"quince","type":"document"}`
	wrong := domain.Batch{LIDPairs: []domain.LIDPair{{LID: adaLID, PN: benPN}}}
	for name, test := range map[string]struct {
		age  int
		kept []string
		want string
	}{
		"before": {7*86400 - 600, []string{`{"content":"quince"}`}, whole},
		"after":  {7*86400 + 600, nil, taken},
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			write(t, store, domain.Batch{LIDPairs: []domain.LIDPair{ada}, Messages: []domain.Message{document()}})
			revoke := about(domain.Revoke, "", 60)
			revoke.Actor = adaLID
			write(t, store, domain.Batch{Changes: []domain.Change{revoke}})
			wantRows(t, store, shownText, taken)
			store.writer.Exec("UPDATE originals SET taken_at = unixepoch() - @age", sqlite.Args{"age": test.age})
			write(t, store, domain.Batch{})
			wantRows(t, store, "SELECT content FROM originals", test.kept...)
			write(t, store, wrong)
			wantRows(t, store, shownText, test.want)
		})
	}
}

func TestWhatItsAuthorTakesBackLosesItsTextEverywhere(t *testing.T) {
	store := newStore(t)
	edit, attempt, revoke := about(domain.Edit, "quince jam", 10), about(domain.Edit, "no quince", 20), about(domain.Revoke, "", 60)
	attempt.Actor = benPN
	write(t, store, domain.Batch{Messages: []domain.Message{document()}, Changes: []domain.Change{edit, attempt}})
	wantRows(t, store, "SELECT content FROM originals", `{"content":"quince"}`)
	write(t, store, domain.Batch{Changes: []domain.Change{revoke}})
	late := about(domain.Edit, "quince again", 30)
	write(t, store, domain.Batch{Messages: []domain.Message{document()}, Changes: []domain.Change{late}})
	wantRows(t, store, "SELECT DISTINCT value FROM changes", `{"value":""}`)
	wantRows(t, store, "SELECT type, content, filename, title, raw FROM originals",
		`{"content":"","filename":null,"raw":null,"title":null,"type":"revoked"}`)
	wantRows(t, store, shownText,
		fmt.Sprintf(`{"content":"","edited_at":%d,"filename":null,"raw":"","revoked_at":%d,"title":null,"type":"revoked"}`, begin+30, begin+60))
}

func TestOfListsThatSayTheSameTwoAMonthAreKept(t *testing.T) {
	store := newStore(t)
	var batch domain.Batch
	for day := range int64(365) {
		batch.Members = append(batch.Members, domain.Member{ChatJID: crew, Member: adaLID, Role: domain.RoleAdmin,
			At: (begin + day*86400) * 1000, Told: domain.ToldList})
	}
	batch.Lane = domain.History
	write(t, store, batch)
	wantRows(t, store, "SELECT count(*) AS n, max(last_at) AS last FROM member_words",
		fmt.Sprintf(`{"last":%d,"n":13}`, (begin+364*86400)*1000))
}
