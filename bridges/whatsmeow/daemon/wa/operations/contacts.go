package operations

import (
	"context"
	"errors"
	nethttp "net/http"
	"regexp"
	"time"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{4,14}$`)

// ContactAccount is the linked account whose contacts are queried.
type ContactAccount interface {
	Linked
	Account() domain.Account
}

type contacts struct {
	server
	account ContactAccount
}

// Contacts returns the operations on people. All fail with not_linked, bridge_unavailable, upstream_unanswered,
// upstream_rejected or rate_limited.
func Contacts(account ContactAccount) http.Operations {
	c := contacts{server{account}, account}
	others := contacts{server{&limited{Linked: account, now: time.Now}}, account}
	return http.Operations{
		"contacts.check":   http.Define(others.check),
		"contacts.about":   http.Define(others.about),
		"contacts.picture": http.Define(others.picture),
		"contacts.blocked": http.DefineBare(c.blocked),
	}
}

type numbersInput struct {
	Phones []string `json:"phones"`
}

type personInput struct {
	JID domain.JID `json:"jid"`
}

// pictureInput names a person or a group; Size is preview or full.
type pictureInput struct {
	JID  domain.JID `json:"jid"`
	Size string     `json:"size"`
}

// numbersOutput holds one result for each phone number, in the order of the input.
type numbersOutput struct {
	Numbers []translate.Number `json:"numbers"`
}

// check reports which phone numbers are on WhatsApp.
func (c contacts) check(ctx context.Context, input numbersInput) (numbersOutput, error) {
	phones := input.Phones
	if len(phones) == 0 || len(phones) > domain.MaxPhones {
		return numbersOutput{}, domain.Errorf(domain.InvalidInput, "phones must be 1 to %d numbers.",
			domain.MaxPhones)
	}
	var asked []binary.Node
	for i, phone := range phones {
		if !phoneNumber.MatchString(phone) {
			return numbersOutput{}, domain.Errorf(domain.InvalidInput,
				"phones[%d] is no number such as +15550100000.", i)
		}
		asked = append(asked,
			binary.Node{Tag: "user", Content: []binary.Node{{Tag: "contact", Content: []byte(phone)}}})
	}
	users, err := c.askPeople(ctx, "phone numbers", asked, binary.Node{Tag: "contact"},
		binary.Node{Tag: "business", Content: []binary.Node{{Tag: "verified_name"}}}, binary.Node{Tag: "lid"})
	if err != nil {
		return numbersOutput{}, err
	}
	return numbersOutput{translate.CheckedOf(users, phones)}, nil
}

// about returns the text that a person shows as "About".
func (c contacts) about(ctx context.Context, input personInput) (translate.About, error) {
	jid := string(input.JID)
	if jid == "" || domain.KindOf(jid) != domain.Direct {
		return translate.About{}, domain.Errorf(domain.InvalidInput, "jid must be the address of a person.")
	}
	users, err := c.askPeople(ctx, "about", []binary.Node{{Tag: "user", Attrs: binary.Attrs{"jid": parsed(jid)},
		Content: c.trust(ctx, jid)}}, binary.Node{Tag: "status"})
	if err != nil {
		return translate.About{}, err
	}
	about, answered := translate.AboutOf(users)
	if !answered {
		return translate.About{}, unanswered("about")
	}
	return about, nil
}

// picture returns the profile picture of a person or a group; size is preview or full.
func (c contacts) picture(ctx context.Context, input pictureInput) (translate.Picture, error) {
	jid, size := string(input.JID), input.Size
	kinds := map[string]string{"preview": "preview", "full": "image"}
	kind := domain.KindOf(jid)
	if jid == "" || kind != domain.Direct && kind != domain.Group || kinds[size] == "" {
		return translate.Picture{}, domain.Errorf(domain.InvalidInput,
			"jid must be a person or a group, and size preview or full.")
	}
	answer, err := c.ask(ctx, "picture", whatsmeow.DangerousInfoQuery{Namespace: "w:profile:picture",
		Target: parsed(jid),
		Content: []binary.Node{{Tag: "picture", Attrs: binary.Attrs{"type": kinds[size], "query": "url"},
			Content: c.trust(ctx, jid)}}})
	var refusal *whatsmeow.IQError
	switch {
	case errors.As(err, &refusal) && refusal.Code == nethttp.StatusUnauthorized:
		return translate.Picture{Visibility: translate.Hidden}, nil
	case errors.As(err, &refusal) && refusal.Code == nethttp.StatusNotFound:
		return translate.Picture{Visibility: translate.None}, nil
	case err != nil:
		return translate.Picture{}, err
	}
	return translate.PictureOf(answer), nil
}

// blockedOutput lists the people whom the account has blocked.
type blockedOutput struct {
	Blocked []translate.Blocked `json:"blocked"`
}

// blocked returns the block list. WhatsApp lists people by LID; LIDs whose number this device knows are replaced by
// it.
func (c contacts) blocked(ctx context.Context) (blockedOutput, error) {
	answer, err := c.ask(ctx, "blocked contacts", whatsmeow.DangerousInfoQuery{Namespace: "blocklist"})
	if err != nil {
		return blockedOutput{}, err
	}
	blocked, answered := translate.BlockedIn(answer)
	if !answered {
		return blockedOutput{}, unanswered("blocked contacts")
	}
	for i, one := range blocked {
		if !domain.IsLID(one.JID) {
			continue
		}
		if number := c.Asker().NumberOf(ctx, parsed(one.JID)); !number.IsEmpty() {
			blocked[i].JID = number.String()
		}
	}
	return blockedOutput{blocked}, nil
}

// trust returns the token for queries about what a person shows only to trusted contacts, or nil. Queries about the
// account itself carry none, because WhatsApp does not answer those that do.
func (c contacts) trust(ctx context.Context, jid string) []binary.Node {
	own := c.account.Account()
	if domain.KindOf(jid) != domain.Direct || jid == own.JID || jid == own.LID {
		return nil
	}
	if token := c.Asker().TrustToken(ctx, parsed(jid)); len(token) > 0 {
		return []binary.Node{{Tag: "tctoken", Content: token}}
	}
	return nil
}
