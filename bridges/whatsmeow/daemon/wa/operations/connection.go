package operations

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// Linking links a phone and unlinks it again.
type Linking interface {
	Pair(ctx context.Context, input wa.PairInput) (wa.PairOutput, error)
	PairingStatus() wa.PairOutput
	CancelPairing() wa.StateOutput
	Logout(ctx context.Context) (wa.LogoutOutput, error)
}

// Connection returns the operations that link a phone and unlink it.
func Connection(linking Linking) http.Operations {
	return http.Operations{
		"connection.pair":           http.Define(linking.Pair),
		"connection.pairing_status": http.DefineBare(atOnce(linking.PairingStatus)),
		"connection.cancel_pairing": http.DefineBare(atOnce(linking.CancelPairing)),
		"connection.logout":         http.DefineBare(linking.Logout),
	}
}

// atOnce makes an operation of a function that neither waits nor fails.
func atOnce[O any](run func() O) func(context.Context) (O, error) {
	return func(context.Context) (O, error) { return run(), nil }
}
