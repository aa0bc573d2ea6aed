package wa

import (
	"context"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// LinkedDevice is the phone, device 0, or a device linked to it.
type LinkedDevice struct {
	JID        string `json:"jid"`
	Device     int    `json:"device"`
	Platform   string `json:"platform,omitempty"`
	ThisBridge bool   `json:"this_bridge,omitempty"`
}

// DevicesOutput lists the devices of the account.
type DevicesOutput struct {
	Devices []LinkedDevice `json:"devices"`
}

// LinkedDevices are the devices of the account, as WhatsApp lists them.
func (b *Bridge) LinkedDevices(ctx context.Context) (DevicesOutput, error) {
	own := b.current().ID()
	users, err := b.askPeople(ctx, "linked devices", []binary.Node{{Tag: "user", Attrs: binary.Attrs{"jid": own.ToNonAD()}}},
		binary.Node{Tag: "devices", Attrs: binary.Attrs{"version": "2"}})
	if err != nil {
		return DevicesOutput{}, err
	}
	numbers, told := translate.DeviceNumbersOf(users)
	if !told {
		return DevicesOutput{}, untold("linked devices")
	}
	devices := []LinkedDevice{}
	for _, number := range numbers {
		jid := own
		jid.Device = uint16(number)
		one := LinkedDevice{JID: jid.String(), Device: number, ThisBridge: number == int(own.Device)}
		if number == 0 {
			one.Platform = b.current().Platform()
		}
		devices = append(devices, one)
	}
	return DevicesOutput{devices}, nil
}
