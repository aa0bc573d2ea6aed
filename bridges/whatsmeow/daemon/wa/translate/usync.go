package translate

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Number is the answer about one phone number; fields that WhatsApp omits are absent.
type Number struct {
	Phone        string `json:"phone"`
	IsOnWhatsApp *bool  `json:"is_on_whatsapp,omitempty"`
	JID          string `json:"jid,omitempty"`
	LID          string `json:"lid,omitempty"`
	IsBusiness   *bool  `json:"is_business,omitempty"`
}

// The visibility of information that people may hide.
const (
	Shown  = "shown"
	Hidden = "hidden"
	None   = "none"
)

// About is a person's "About" text.
type About struct {
	Visibility string `json:"visibility"`
	About      string `json:"about,omitempty"`
	SetAt      string `json:"set_at,omitempty"`
}

// Picture is the address of a profile picture.
type Picture struct {
	Visibility string `json:"visibility"`
	ID         string `json:"id,omitempty"`
	URL        string `json:"url,omitempty"`
}

// Blocked is a person whom the account has blocked.
type Blocked struct {
	JID string `json:"jid"`
	LID string `json:"lid,omitempty"`
}

var (
	noDigit   = regexp.MustCompile(`\D`)
	fewDigits = regexp.MustCompile(`^\d{1,5}$`)
	someTime  = regexp.MustCompile(`^[1-9]\d{0,9}$`)
)

// childOf returns the first element with a tag, or an empty one. The library's own function returns the parent when
// there is none.
func childOf(parent *binary.Node, tag string) (*binary.Node, bool) {
	child, found := parent.GetOptionalChildByTag(tag)
	if !found {
		return &binary.Node{}, false
	}
	return &child, true
}

func attributeIn(parent *binary.Node, tag, name string) string {
	child, _ := childOf(parent, tag)
	return attribute(child, name, "")
}

func digitsOf(text string) string {
	before, _, _ := strings.Cut(text, "@")
	return noDigit.ReplaceAllString(before, "")
}

// UsersIn returns the users in an answer, and false when it has no list of users.
func UsersIn(answer *binary.Node) ([]binary.Node, bool) {
	usync, _ := childOf(answer, "usync")
	list, found := childOf(usync, "list")
	return list.GetChildrenByTag("user"), found
}

// RefusalIn returns the error code of the first refused protocol in an answer, or 0.
func RefusalIn(answer *binary.Node) int {
	usync, _ := childOf(answer, "usync")
	result, _ := childOf(usync, "result")
	for _, part := range result.GetChildren() {
		if code, err := strconv.Atoi(attributeIn(&part, "error", "code")); err == nil {
			return code
		}
	}
	return 0
}

// addressesOf returns the phone number address and the LID of a user, each "" when missing.
func addressesOf(user *binary.Node) (pn, lid string) {
	for _, told := range []string{attribute(user, "jid", ""), attribute(user, "pn_jid", ""), attributeIn(user, "lid", "val")} {
		jid := domain.NormalizeJID(told)
		if pn == "" && domain.IsPN(jid) {
			pn = jid
		}
		if lid == "" && domain.IsLID(jid) {
			lid = jid
		}
	}
	return pn, lid
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// CheckedOf returns the answer about each phone number, in their order. WhatsApp may use other digits for the same
// number.
func CheckedOf(users []binary.Node, phones []string) []Number {
	numbers := []Number{}
	for _, phone := range phones {
		numbers = append(numbers, checked(phone, users))
	}
	return numbers
}

func checked(phone string, users []binary.Node) Number {
	said := Number{Phone: phone}
	user := userOf(phone, users)
	if user == nil {
		return said
	}
	kind := attributeIn(user, "contact", "type")
	if kind == "" {
		return said
	}
	said.IsOnWhatsApp = boolean(kind == "in")
	if kind != "in" {
		return said
	}
	pn, lid := addressesOf(user)
	said.JID, said.LID = either(pn, lid), lid
	if business, found := childOf(user, "business"); found {
		if _, failed := childOf(business, "error"); !failed {
			_, isNamed := childOf(business, "verified_name")
			said.IsBusiness = boolean(isNamed)
		}
	}
	return said
}

// userOf finds the answer about a phone number: by the number as it was asked, otherwise by its address.
func userOf(phone string, users []binary.Node) *binary.Node {
	digits := digitsOf(phone)
	for i := range users {
		if digitsOf(textOf(&users[i], "contact", maxShort)) == digits {
			return &users[i]
		}
	}
	for i := range users {
		if pn, _ := addressesOf(&users[i]); digitsOf(pn) == digits {
			return &users[i]
		}
	}
	return nil
}

// AboutOf reads the "About" text of the first user. It returns false when WhatsApp refuses for a reason other than
// visibility.
func AboutOf(users []binary.Node) (About, bool) {
	if len(users) == 0 {
		return About{Visibility: None}, true
	}
	status, _ := childOf(&users[0], "status")
	switch either(attributeIn(status, "error", "code"), attribute(status, "code", "")) {
	case "":
	case "401", "403":
		return About{Visibility: Hidden}, true
	case "404":
		return About{Visibility: None}, true
	default:
		return About{}, false
	}
	text := textIn(status, maxShort)
	if text == "" {
		return About{Visibility: None}, true
	}
	return About{Visibility: Shown, About: text, SetAt: isoOf(attribute(status, "t", ""))}, true
}

func isoOf(text string) string {
	if !someTime.MatchString(text) {
		return ""
	}
	count, _ := strconv.ParseInt(text, 10, 64)
	return time.Unix(count, 0).UTC().Format("2006-01-02T15:04:05Z")
}

// DeviceNumbersOf returns the numbers of the first user's devices, and false when the answer has no list.
func DeviceNumbersOf(users []binary.Node) ([]int, bool) {
	if len(users) == 0 {
		return nil, false
	}
	devices, _ := childOf(&users[0], "devices")
	list, found := childOf(devices, "device-list")
	numbers := []int{}
	for _, one := range list.GetChildrenByTag("device") {
		if text := attribute(&one, "id", ""); fewDigits.MatchString(text) {
			count, _ := strconv.Atoi(text)
			numbers = append(numbers, count)
		}
	}
	return numbers, found
}

// PictureOf reads the answer about a picture. An answer without an address means that there is none.
func PictureOf(answer *binary.Node) Picture {
	picture, _ := childOf(answer, "picture")
	url := attribute(picture, "url", "")
	if url == "" {
		return Picture{Visibility: None}
	}
	return Picture{Visibility: Shown, URL: url, ID: attribute(picture, "id", "")}
}

// BlockedIn returns the blocked people, and false when the answer has no list.
func BlockedIn(answer *binary.Node) ([]Blocked, bool) {
	list, found := childOf(answer, "list")
	blocked := []Blocked{}
	for _, item := range list.GetChildrenByTag("item") {
		if pn, lid := addressesOf(&item); pn != "" || lid != "" {
			blocked = append(blocked, Blocked{JID: either(pn, lid), LID: lid})
		}
	}
	return blocked, found
}
