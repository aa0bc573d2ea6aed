package sqlite

import (
	"fmt"
)

// Migrate brings messages.db to the newest schema, each step in its own transaction. Processes that migrate at the
// same time wait for each other. Fails with schema_mismatch when the file is too new for this program.
func (s *Conn) Migrate() error { return s.migrateTo(migrations) }

func (s *Conn) migrateTo(list []migration) error {
	if err := s.Transaction(s.noteKnown); err != nil {
		return err
	}
	for _, step := range list {
		if s.Number("PRAGMA user_version", nil) >= int64(step.version) {
			continue
		}
		err := s.Transaction(func() {
			if s.Number("PRAGMA user_version", nil) >= int64(step.version) {
				return
			}
			s.Err = s.Script(step.text)
			s.Exec(fmt.Sprintf("PRAGMA user_version = %d", step.version), nil)
			s.noteKnown()
		})
		if err != nil {
			return err
		}
	}
	s.requireCompatible("min_writer")
	s.Version = int(s.Number("PRAGMA user_version", nil))
	return s.Err
}
