package translate

import (
	"regexp"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// content is the visible part of a wire message, without its author and chat.
type content struct {
	kind     string
	text     string
	title    string
	filename string
	details  domain.Details
	context  *waE2E.ContextInfo
	viewOnce bool
}

// mediaFields are the fields that all kinds of media have.
type mediaFields interface {
	GetMimetype() string
	GetFileLength() uint64
	GetFileSHA256() []byte
	GetContextInfo() *waE2E.ContextInfo
}

func media(kind string, file mediaFields) content {
	found := domain.Media{MimeType: file.GetMimetype(), Size: file.GetFileLength(), SHA256: file.GetFileSHA256()}
	read := content{kind: kind, context: file.GetContextInfo()}
	if timed, ok := file.(interface{ GetSeconds() uint32 }); ok {
		found.Seconds = timed.GetSeconds()
	}
	if sized, ok := file.(interface {
		GetWidth() uint32
		GetHeight() uint32
	}); ok {
		found.Width, found.Height = sized.GetWidth(), sized.GetHeight()
	}
	if paged, ok := file.(interface{ GetPageCount() uint32 }); ok {
		found.Pages = paged.GetPageCount()
	}
	if titled, ok := file.(interface{ GetCaption() string }); ok {
		read.text = titled.GetCaption()
	}
	if once, ok := file.(interface{ GetViewOnce() bool }); ok {
		read.viewOnce = once.GetViewOnce()
	}
	if found.MimeType != "" || found.Size+uint64(found.Seconds)+uint64(found.Width)+uint64(found.Height)+uint64(found.Pages) > 0 || len(found.SHA256) > 0 {
		read.details.Media = &found
	}
	return read
}

func document(value *waE2E.DocumentMessage) content {
	read := media("document", value)
	read.filename = firstText(value.GetFileName(), value.GetTitle())
	if value.GetTitle() != value.GetFileName() {
		read.title = value.GetTitle()
	}
	return read
}

func textWithLink(value *waE2E.ExtendedTextMessage) content {
	read := content{kind: "text", text: value.GetText(), context: value.GetContextInfo()}
	link := domain.Link{URL: value.GetMatchedText(), Title: value.GetTitle(), Description: value.GetDescription()}
	if link != (domain.Link{}) {
		read.title, read.details.Link = link.Title, &link
	}
	return read
}

func poll(value *waE2E.PollCreationMessage) content {
	options := make([]string, 0, len(value.GetOptions()))
	for _, option := range value.GetOptions() {
		options = append(options, option.GetOptionName())
	}
	return content{
		kind: "poll", text: value.GetName(), title: strings.Join(options, ", "), context: value.GetContextInfo(),
		details: domain.Details{Poll: &domain.Poll{
			Question: value.GetName(), Options: options, Selectable: value.GetSelectableOptionsCount(),
		}},
	}
}

var (
	waid = regexp.MustCompile(`waid=(\d+)`)
	tel  = regexp.MustCompile(`(?m)^TEL[^:\r\n]*:([^\r\n]+)`)
)

// card reads the name and the number of one vCard; WhatsApp writes the number as `waid=` too.
func card(value *waE2E.ContactMessage) domain.ContactCard {
	read := domain.ContactCard{Name: value.GetDisplayName()}
	if found := waid.FindStringSubmatch(value.GetVcard()); found != nil {
		read.Phone = found[1]
	} else if found := tel.FindStringSubmatch(value.GetVcard()); found != nil {
		read.Phone = strings.TrimSpace(found[1])
	}
	return read
}

func cards(values []*waE2E.ContactMessage, context *waE2E.ContextInfo) content {
	read := content{kind: "contact", context: context}
	var names []string
	for _, value := range values {
		one := card(value)
		read.details.Contacts = append(read.details.Contacts, one)
		if one.Name != "" {
			names = append(names, one.Name)
		}
	}
	read.title = strings.Join(names, ", ")
	return read
}

func place(latitude, longitude float64, name, address, text string, context *waE2E.ContextInfo) content {
	return content{
		kind: "location", text: text, title: joined(name, address), context: context,
		details: domain.Details{Location: &domain.Location{Latitude: latitude, Longitude: longitude, Name: name, Address: address}},
	}
}

func appointment(value *waE2E.EventMessage) content {
	return content{
		kind: "event", text: value.GetName(), context: value.GetContextInfo(),
		title:   joined(value.GetDescription(), value.GetLocation().GetName()),
		details: domain.Details{Event: &domain.Event{Name: value.GetName(), StartsAt: seconds(value.GetStartTime())}},
	}
}

// shownProduct returns the product that a card shows, or nothing for a card without an id, which cannot be queried.
func shownProduct(value *waE2E.ProductMessage) domain.Details {
	id := value.GetProduct().GetProductID()
	if id == "" {
		return domain.Details{}
	}
	return domain.Details{Product: &domain.Product{ProductID: id, BusinessJID: domain.NormalizeJID(value.GetBusinessOwnerJID())}}
}

func placedOrder(value *waE2E.OrderMessage) domain.Details {
	if value.GetOrderID() == "" || value.GetToken() == "" {
		return domain.Details{}
	}
	return domain.Details{Order: &domain.Order{OrderID: value.GetOrderID(), Token: value.GetToken(),
		BusinessJID: domain.NormalizeJID(value.GetSellerJID()), ItemCount: int64(max(value.GetItemCount(), 0))}}
}

func template(value *waE2E.TemplateMessage) string {
	hydrated := value.GetHydratedTemplate()
	if hydrated == nil {
		hydrated = value.GetHydratedFourRowTemplate()
	}
	return firstText(hydrated.GetHydratedContentText(), value.GetInteractiveMessageTemplate().GetBody().GetText())
}

// firstText returns the first text that is not empty.
func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func joined(texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, ", ")
}

// seconds converts a time in seconds or milliseconds to seconds: WhatsApp uses both, sometimes for the same field. 0
// means none.
func seconds(value int64) int64 {
	switch {
	case value <= 0:
		return 0
	case value > 100_000_000_000:
		return value / 1000
	}
	return value
}
