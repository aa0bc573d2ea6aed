package main

import (
	"net/http"
	"time"

	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// world is which WhatsApp the program works with.
type world struct {
	http      *http.Client
	simulated bool
}

// pageGap: a simulated WhatsApp restricts nobody.
func (w world) pageGap() time.Duration {
	if w.simulated {
		return 0
	}
	return wa.PageGap
}
