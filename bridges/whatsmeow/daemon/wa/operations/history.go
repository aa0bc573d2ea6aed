package operations

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// Pages asks the phone for older messages.
type Pages interface {
	HistoryPage(ctx context.Context, input wa.PageInput) (wa.PageOutput, error)
}

// History returns the operations on past messages.
func History(pages Pages) http.Operations {
	return http.Operations{"history.page": http.Define(pages.HistoryPage)}
}
