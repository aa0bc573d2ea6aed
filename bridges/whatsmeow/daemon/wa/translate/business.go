package translate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	binary "go.mau.fi/whatsmeow/binary"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// The longest texts that WhatsApp lets a business write, in UTF-16 units, as the Node program counts them.
const (
	maxText  = 5_000
	maxURL   = 1_000
	maxShort = 500
	maxWord  = 50
)

// Profile is the profile of a business account; fields that WhatsApp omits are absent.
type Profile struct {
	IsBusiness  bool     `json:"is_business"`
	Description string   `json:"description,omitempty"`
	Category    string   `json:"category,omitempty"`
	Categories  []string `json:"categories,omitempty"`
	Address     string   `json:"address,omitempty"`
	Email       string   `json:"email,omitempty"`
	Website     []string `json:"website,omitempty"`
	Hours       *Hours   `json:"hours,omitempty"`
	HasCatalog  *bool    `json:"has_catalog,omitempty"`
}

// Hours are the opening hours of a business, in its local time. A day that is not listed is closed.
type Hours struct {
	Timezone string `json:"timezone,omitempty"`
	Days     []Day  `json:"days"`
}

// Day is the opening hours of one day. Without times the business is open all day, or by appointment; Mode says
// which.
type Day struct {
	Day    string `json:"day"`
	Mode   string `json:"mode"`
	Opens  string `json:"opens,omitempty"`
	Closes string `json:"closes,omitempty"`
}

// ProfileOf reads the profile from an answer. An account without a profile is not a business. The library's own
// reader omits the description and the websites.
func ProfileOf(answer *binary.Node) Profile {
	outer := answer.GetChildByTag("business_profile")
	profile, found := outer.GetOptionalChildByTag("profile")
	if _, failed := profile.GetOptionalChildByTag("error"); !found || failed {
		return Profile{}
	}
	read := Profile{IsBusiness: true, Description: textOf(&profile, "description", maxText),
		Address: textOf(&profile, "address", maxURL),
		Email:   textOf(&profile, "email", maxShort), Website: texts(&profile, "website"), Hours: hoursOf(&profile)}
	categories := profile.GetChildByTag("categories")
	if read.Categories = texts(&categories, "category"); read.Categories != nil {
		read.Category = read.Categories[0]
	}
	options := profile.GetChildByTag("profile_options")
	if commerce := textOf(&options, "commerce_experience", maxWord); commerce != "" {
		read.HasCatalog = boolean(commerce != "none")
	}
	return read
}

func texts(parent *binary.Node, tag string) []string {
	var found []string
	for _, child := range parent.GetChildrenByTag(tag) {
		if text := textIn(&child, maxURL); text != "" {
			found = append(found, text)
		}
	}
	return found
}

func textOf(parent *binary.Node, tag string, limit int) string {
	child, found := parent.GetOptionalChildByTag(tag)
	if !found {
		return ""
	}
	return textIn(&child, limit)
}

// textIn returns the text of an element, cut to max UTF-16 units, as the Node program counts them.
func textIn(node *binary.Node, limit int) string {
	text := ""
	switch content := node.Content.(type) {
	case []byte:
		text = domain.ValidText(string(content))
	case string:
		text = content
	}
	text = strings.TrimSpace(text)
	if units := utf16.Encode([]rune(text)); len(units) > limit {
		if last := units[limit-1]; last >= 0xd800 && last < 0xdc00 {
			limit-- // cut before a surrogate pair, not inside it
		}
		text = string(utf16.Decode(units[:limit]))
	}
	return text
}

func hoursOf(profile *binary.Node) *Hours {
	node := profile.GetChildByTag("business_hours")
	var days []Day
	for _, config := range node.GetChildrenByTag("business_hours_config") {
		days = append(days, Day{Day: attribute(&config, "day_of_week", "unknown"), Mode: attribute(&config, "mode",
			"unknown"),
			Opens:  timeOfDay(attribute(&config, "open_time", "")),
			Closes: timeOfDay(attribute(&config, "close_time", ""))})
	}
	if days == nil {
		return nil
	}
	return &Hours{Timezone: attribute(&node, "timezone", ""), Days: days}
}

func attribute(node *binary.Node, name, otherwise string) string {
	if value, ok := node.Attrs[name]; ok {
		return fmt.Sprint(value)
	}
	return otherwise
}

// timeOfDay formats minutes after midnight: 450 is 07:30. It returns "" for an invalid number.
func timeOfDay(minutes string) string {
	count, err := strconv.Atoi(minutes)
	if err != nil || count < 0 || count > 24*60 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", count/60, count%60)
}
