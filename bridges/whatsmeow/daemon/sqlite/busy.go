package sqlite

import (
	"errors"

	"modernc.org/sqlite"
)

// IsBusy reports whether another connection holds the lock of the file.
func IsBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == 5
}
