package translate

import (
	"maps"

	"go.mau.fi/whatsmeow/proto/waE2E"
)

// readers read the visible kinds of wire messages. Kinds that are neither here nor hidden are unsupported.
// Interactive messages of businesses, and the replies to them, are stored as their text.
var readers = func() table {
	all := maps.Clone(peoples)
	maps.Copy(all, businesses)
	return all
}()

type table = map[string]func(*waE2E.Message) content

var peoples = table{
	"conversation":        func(m *waE2E.Message) content { return content{kind: "text", text: m.GetConversation()} },
	"extendedTextMessage": func(m *waE2E.Message) content { return textWithLink(m.GetExtendedTextMessage()) },
	"imageMessage":        func(m *waE2E.Message) content { return media("image", m.GetImageMessage()) },
	"videoMessage":        video,
	"ptvMessage":          func(m *waE2E.Message) content { return media("video", m.GetPtvMessage()) },
	"audioMessage":        audio,
	"stickerMessage":      func(m *waE2E.Message) content { return media("sticker", m.GetStickerMessage()) },
	"documentMessage":     func(m *waE2E.Message) content { return document(m.GetDocumentMessage()) },

	"pollCreationMessage":   func(m *waE2E.Message) content { return poll(m.GetPollCreationMessage()) },
	"pollCreationMessageV2": func(m *waE2E.Message) content { return poll(m.GetPollCreationMessageV2()) },
	"pollCreationMessageV3": func(m *waE2E.Message) content { return poll(m.GetPollCreationMessageV3()) },
	"pollCreationMessageV5": func(m *waE2E.Message) content { return poll(m.GetPollCreationMessageV5()) },

	"contactMessage": func(m *waE2E.Message) content {
		return cards([]*waE2E.ContactMessage{m.GetContactMessage()}, m.GetContactMessage().GetContextInfo())
	},
	"contactsArrayMessage": func(m *waE2E.Message) content {
		return cards(m.GetContactsArrayMessage().GetContacts(), m.GetContactsArrayMessage().GetContextInfo())
	},
	"locationMessage":     location,
	"liveLocationMessage": liveLocation,
	"eventMessage":        func(m *waE2E.Message) content { return appointment(m.GetEventMessage()) },
	"groupInviteMessage":  groupInvite,
	"productMessage":      product,
	"orderMessage":        order,

	"callLogMesssage": func(*waE2E.Message) content { return content{kind: "call"} },
	"bcallMessage":    func(m *waE2E.Message) content { return content{kind: "call", text: m.GetBcallMessage().GetCaption()} },
	"scheduledCallCreationMessage": func(m *waE2E.Message) content {
		return content{kind: "call", title: m.GetScheduledCallCreationMessage().GetTitle()}
	},
}

var businesses = table{
	"buttonsMessage": func(m *waE2E.Message) content {
		return said(m.GetButtonsMessage().GetContentText(), "", m.GetButtonsMessage())
	},
	"buttonsResponseMessage": func(m *waE2E.Message) content {
		return said(m.GetButtonsResponseMessage().GetSelectedDisplayText(), "", m.GetButtonsResponseMessage())
	},
	"listMessage": func(m *waE2E.Message) content {
		return said(m.GetListMessage().GetDescription(), m.GetListMessage().GetTitle(), m.GetListMessage())
	},
	"listResponseMessage": func(m *waE2E.Message) content {
		return said(m.GetListResponseMessage().GetTitle(), "", m.GetListResponseMessage())
	},
	"templateMessage": func(m *waE2E.Message) content {
		return said(template(m.GetTemplateMessage()), "", m.GetTemplateMessage())
	},
	"templateButtonReplyMessage": func(m *waE2E.Message) content {
		return said(m.GetTemplateButtonReplyMessage().GetSelectedDisplayText(), "", m.GetTemplateButtonReplyMessage())
	},
	"interactiveMessage": func(m *waE2E.Message) content {
		value := m.GetInteractiveMessage()
		return said(value.GetBody().GetText(), value.GetHeader().GetTitle(), value)
	},
	"interactiveResponseMessage": func(m *waE2E.Message) content {
		return said(m.GetInteractiveResponseMessage().GetBody().GetText(), "", m.GetInteractiveResponseMessage())
	},
	"highlyStructuredMessage": func(m *waE2E.Message) content {
		return content{kind: "text", text: template(m.GetHighlyStructuredMessage().GetHydratedHsm())}
	},
}

func said(text, title string, value interface{ GetContextInfo() *waE2E.ContextInfo }) content {
	return content{kind: "text", text: text, title: title, context: value.GetContextInfo()}
}

func video(m *waE2E.Message) content {
	if m.GetVideoMessage().GetGifPlayback() {
		return media("gif", m.GetVideoMessage())
	}
	return media("video", m.GetVideoMessage())
}

func audio(m *waE2E.Message) content {
	if m.GetAudioMessage().GetPTT() {
		return media("voice", m.GetAudioMessage())
	}
	return media("audio", m.GetAudioMessage())
}

func location(m *waE2E.Message) content {
	value := m.GetLocationMessage()
	return place(value.GetDegreesLatitude(), value.GetDegreesLongitude(), value.GetName(), value.GetAddress(),
		value.GetComment(), value.GetContextInfo())
}

func liveLocation(m *waE2E.Message) content {
	value := m.GetLiveLocationMessage()
	return place(value.GetDegreesLatitude(), value.GetDegreesLongitude(), "", "", value.GetCaption(), value.GetContextInfo())
}

func groupInvite(m *waE2E.Message) content {
	value := m.GetGroupInviteMessage()
	return content{kind: "invite", text: value.GetCaption(), title: value.GetGroupName(), context: value.GetContextInfo()}
}

func product(m *waE2E.Message) content {
	value := m.GetProductMessage()
	return content{kind: "product", text: firstText(value.GetBody(), value.GetProduct().GetDescription()),
		title: value.GetProduct().GetTitle(), context: value.GetContextInfo(), details: shownProduct(value)}
}

func order(m *waE2E.Message) content {
	value := m.GetOrderMessage()
	return content{kind: "order", text: value.GetMessage(), title: value.GetOrderTitle(), context: value.GetContextInfo(),
		details: placedOrder(value)}
}

// read reads one field of a wire message.
func read(field string, message *waE2E.Message) content {
	if reader, ok := readers[field]; ok {
		return reader(message)
	}
	unsupported := content{kind: "unsupported"}
	unsupported.details.WireType = field
	return unsupported
}
