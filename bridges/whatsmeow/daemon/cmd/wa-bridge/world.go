package main

import (
	"net/http"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// environment is the WhatsApp that the program connects to, real or simulated.
type environment struct {
	http      *http.Client
	simulated bool
}

// pageGap returns the pause between two requests for older messages. A simulated WhatsApp needs none.
func (w environment) pageGap() time.Duration {
	if w.simulated {
		return 0
	}
	return wa.PageGap
}
