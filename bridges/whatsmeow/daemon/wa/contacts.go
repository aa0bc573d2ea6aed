package wa

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// mostPhones are looked up by one question.
const mostPhones = 20

var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{4,14}$`)

// asker asks WhatsApp. The functions of the library take many refusals for empty answers; so whole answers are handed
// over, to be read as they are.
type asker interface {
	Ask(ctx context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error)
	// TrustToken shows that somebody trusts this account; empty where there is none.
	TrustToken(ctx context.Context, jid types.JID) []byte
	// NumberOf is the address with the number of somebody known by a hidden identity; empty where it is not known.
	NumberOf(ctx context.Context, lid types.JID) types.JID
	RequestID() string
	// Platform is what the phone is.
	Platform() string
}

func (c client) TrustToken(ctx context.Context, jid types.JID) []byte {
	token, err := c.DangerousInternals().EnsureTCToken(ctx, jid)
	if err != nil {
		return nil
	}
	return token
}

func (c client) NumberOf(ctx context.Context, lid types.JID) types.JID {
	known, err := c.Store.LIDs.GetPNForLID(ctx, lid)
	if err != nil {
		return types.EmptyJID
	}
	return known.ToNonAD()
}

func (c client) RequestID() string { return c.DangerousInternals().GenerateRequestID() }
func (c client) Platform() string  { return c.Store.Platform }

// NumbersOutput is what was said about phone numbers, in the order of the question.
type NumbersOutput struct {
	Numbers []translate.Number `json:"numbers"`
}

// CheckContacts tells which phone numbers are on WhatsApp. All questions here fail with not_linked, bridge_unavailable,
// upstream_unanswered, upstream_rejected or rate_limited.
func (b *Bridge) CheckContacts(ctx context.Context, phones []string) (NumbersOutput, error) {
	if len(phones) == 0 || len(phones) > mostPhones {
		return NumbersOutput{}, domain.Errorf(domain.InvalidInput, "phones must be 1 to %d numbers.", mostPhones)
	}
	var asked []binary.Node
	for i, phone := range phones {
		if !phoneNumber.MatchString(phone) {
			return NumbersOutput{}, domain.Errorf(domain.InvalidInput, "phones[%d] is no number such as +15550100000.", i)
		}
		asked = append(asked, binary.Node{Tag: "user", Content: []binary.Node{{Tag: "contact", Content: []byte(phone)}}})
	}
	users, err := b.askPeople(ctx, "phone numbers", asked, binary.Node{Tag: "contact"},
		binary.Node{Tag: "business", Content: []binary.Node{{Tag: "verified_name"}}}, binary.Node{Tag: "lid"})
	if err != nil {
		return NumbersOutput{}, err
	}
	return NumbersOutput{translate.CheckedOf(users, phones)}, nil
}

// ContactAbout is what a person says about themselves.
func (b *Bridge) ContactAbout(ctx context.Context, jid string) (translate.About, error) {
	if jid == "" || domain.KindOf(jid) != domain.Direct {
		return translate.About{}, domain.Errorf(domain.InvalidInput, "jid must be the address of a person.")
	}
	users, err := b.askPeople(ctx, "about", []binary.Node{{Tag: "user", Attrs: binary.Attrs{"jid": addressOf(jid)},
		Content: b.trust(ctx, jid)}}, binary.Node{Tag: "status"})
	if err != nil {
		return translate.About{}, err
	}
	about, told := translate.AboutOf(users)
	if !told {
		return translate.About{}, untold("about")
	}
	return about, nil
}

// ContactPicture is the profile picture of a person or a group; size is preview or full.
func (b *Bridge) ContactPicture(ctx context.Context, jid, size string) (translate.Picture, error) {
	kinds := map[string]string{"preview": "preview", "full": "image"}
	kind := domain.KindOf(jid)
	if jid == "" || kind != domain.Direct && kind != domain.Group || kinds[size] == "" {
		return translate.Picture{}, domain.Errorf(domain.InvalidInput, "jid must be a person or a group, and size preview or full.")
	}
	answer, err := b.ask(ctx, "picture", whatsmeow.DangerousInfoQuery{Namespace: "w:profile:picture", Target: addressOf(jid),
		Content: []binary.Node{{Tag: "picture", Attrs: binary.Attrs{"type": kinds[size], "query": "url"}, Content: b.trust(ctx, jid)}}})
	var refusal *whatsmeow.IQError
	switch {
	case errors.As(err, &refusal) && refusal.Code == http.StatusUnauthorized:
		return translate.Picture{Visibility: translate.Hidden}, nil
	case errors.As(err, &refusal) && refusal.Code == http.StatusNotFound:
		return translate.Picture{Visibility: translate.None}, nil
	case err != nil:
		return translate.Picture{}, err
	}
	return translate.PictureOf(answer), nil
}

// BlockedOutput is whom the account has blocked.
type BlockedOutput struct {
	Blocked []translate.Blocked `json:"blocked"`
}

// BlockedContacts are listed by WhatsApp under their hidden identities; this device knows the numbers of some.
func (b *Bridge) BlockedContacts(ctx context.Context) (BlockedOutput, error) {
	answer, err := b.ask(ctx, "blocked contacts", whatsmeow.DangerousInfoQuery{Namespace: "blocklist"})
	if err != nil {
		return BlockedOutput{}, err
	}
	blocked, told := translate.BlockedIn(answer)
	if !told {
		return BlockedOutput{}, untold("blocked contacts")
	}
	for i, one := range blocked {
		if !domain.IsLID(one.JID) {
			continue
		}
		if number := b.current().NumberOf(ctx, addressOf(one.JID)); !number.IsEmpty() {
			blocked[i].JID = number.String()
		}
	}
	return BlockedOutput{blocked}, nil
}

// ask asks one question. What came in place of an answer is in the chain of the error.
func (b *Bridge) ask(ctx context.Context, what string, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	if err := b.assertReady(); err != nil {
		return nil, err
	}
	question.Type, question.To, question.Timeout = "get", types.ServerJID, answerTime
	answer, err := b.current().Ask(ctx, question)
	failure := askFailure(err, what)
	var ours *domain.Error
	if errors.As(failure, &ours) && ours.Cause == nil {
		ours.Cause = err
	}
	return answer, failure
}

// askPeople asks about people: of each what the protocols stand for.
func (b *Bridge) askPeople(ctx context.Context, what string, users []binary.Node, protocols ...binary.Node) ([]binary.Node, error) {
	head := binary.Attrs{"sid": b.current().RequestID(), "mode": "query", "last": "true", "index": "0", "context": "interactive"}
	answer, err := b.ask(ctx, what, whatsmeow.DangerousInfoQuery{Namespace: "usync", Content: []binary.Node{{Tag: "usync", Attrs: head,
		Content: []binary.Node{{Tag: "query", Content: protocols}, {Tag: "list", Content: users}}}}})
	if err != nil {
		return nil, err
	}
	code := translate.RefusalIn(answer)
	if code == http.StatusTooManyRequests {
		return nil, domain.Errorf(domain.RateLimited, "WhatsApp answers no more questions for %s for now.", what)
	}
	found, told := translate.UsersIn(answer)
	if code != 0 || !told {
		return nil, untold(what)
	}
	return found, nil
}

// trust is the token that goes with a question about what somebody shows to those whom they trust. WhatsApp leaves
// questions of an account about itself unanswered that carry one.
func (b *Bridge) trust(ctx context.Context, jid string) []binary.Node {
	own := b.account()
	if domain.KindOf(jid) != domain.Direct || jid == own.JID || jid == own.LID {
		return nil
	}
	if token := b.current().TrustToken(ctx, addressOf(jid)); len(token) > 0 {
		return []binary.Node{{Tag: "tctoken", Content: token}}
	}
	return nil
}

func untold(what string) error {
	return domain.Errorf(domain.UpstreamRejected, "WhatsApp did not tell the %s when it was asked.", what)
}

// addressOf is an address that was checked before.
func addressOf(jid string) types.JID {
	address, _ := types.ParseJID(jid)
	return address
}
