package main

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// operations are what this program can do; their names and shapes are those of the port (bridges/operations).
func operations(bridge *wa.Bridge) http.Operations {
	return http.Operations{
		"connection.pair": http.Define(bridge.Pair),
		"connection.pairing_status": http.Define(func(context.Context, struct{}) (wa.PairOutput, error) {
			return bridge.PairingStatus(), nil
		}),
		"connection.cancel_pairing": http.Define(func(context.Context, struct{}) (wa.StateOutput, error) {
			return bridge.CancelPairing(), nil
		}),
		"connection.logout": http.Define(func(ctx context.Context, _ struct{}) (wa.LogoutOutput, error) {
			return bridge.Logout(ctx)
		}),
	}
}
