package operations

import (
	"context"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

type devices struct{ server }

// Devices returns the operations on the linked devices of the account.
func Devices(linked Linked) http.Operations {
	return http.Operations{"connection.devices": http.DefineBare(devices{server{linked}}.list)}
}

// linkedDevice is the phone (device 0) or a device linked to it.
type linkedDevice struct {
	JID        string `json:"jid"`
	Device     int    `json:"device"`
	Platform   string `json:"platform,omitempty"`
	ThisBridge bool   `json:"this_bridge,omitempty"`
}

// devicesOutput lists the phone and the linked devices of the account.
type devicesOutput struct {
	Devices []linkedDevice `json:"devices"`
}

// list returns the phone and the linked devices of the account.
func (d devices) list(ctx context.Context) (devicesOutput, error) {
	own := d.Asker().ID()
	users, err := d.askPeople(ctx, "linked devices", []binary.Node{{Tag: "user", Attrs: binary.Attrs{"jid": own.ToNonAD()}}},
		binary.Node{Tag: "devices", Attrs: binary.Attrs{"version": "2"}})
	if err != nil {
		return devicesOutput{}, err
	}
	numbers, answered := translate.DeviceNumbersOf(users)
	if !answered {
		return devicesOutput{}, unanswered("linked devices")
	}
	listed := []linkedDevice{}
	for _, number := range numbers {
		jid := own
		jid.Device = uint16(number)
		one := linkedDevice{JID: jid.String(), Device: number, ThisBridge: number == int(own.Device)}
		if number == 0 {
			one.Platform = d.Asker().Platform()
		}
		listed = append(listed, one)
	}
	return devicesOutput{listed}, nil
}
