package store

import (
	"os"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/inmemory"
)

func TestMain(m *testing.M) { os.Exit(inmemory.Run(m)) }
