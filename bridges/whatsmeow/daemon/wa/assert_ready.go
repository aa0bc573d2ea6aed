package wa

import (
	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// AssertReady says why nothing can be asked now.
func (b *Bridge) AssertReady() error {
	if b.Account().JID == "" {
		return domain.Errorf(domain.NotLinked, "No phone is linked to wa-bridge.")
	}
	if !b.isConnected() {
		return domain.Errorf(domain.BridgeUnavailable, "wa-bridge has no connection to WhatsApp now.")
	}
	return nil
}

// Asker asks WhatsApp through the device that is linked now.
func (b *Bridge) Asker() device.Asker { return b.current() }

// StoreCommunities stores what WhatsApp says of joined groups; false when that failed.
func (b *Bridge) StoreCommunities(joined []translate.DescribedGroup) bool {
	return b.receiver.write(b.receiver.context().Communities(joined))
}
