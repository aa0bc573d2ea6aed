package sqlite

import (
	"errors"

	"modernc.org/sqlite"
)

func IsBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == 5
}
