// Package translate converts what whatsmeow delivers to the rows that the store writes. Its functions are pure; the
// Node program makes the same rows of a message.
package translate

import (
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// wrappers are the fields that contain a whole message.
var wrappers = []string{
	"ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
	"documentWithCaptionMessage", "editedMessage", "deviceSentMessage", "groupMentionedMessage",
	"associatedChildMessage", "botInvokeMessage", "botForwardedMessage", "botTaskMessage", "lottieStickerMessage",
	"limitSharingMessage", "questionMessage", "questionReplyMessage", "pollCreationMessageV4", "commentMessage",
}

// hidden are the parts of a message that a person does not see as a message: keys, context, and changes of other
// messages. An album is only an envelope: its pictures arrive as messages of their own.
var hidden = map[string]bool{
	"senderKeyDistributionMessage": true, "fastRatchetKeySenderKeyDistributionMessage": true,
	"messageContextInfo": true, "protocolMessage": true, "reactionMessage": true, "encReactionMessage": true,
	"pollUpdateMessage": true, "encEventResponseMessage": true, "secretEncryptedMessage": true,
	"keepInChatMessage": true, "pinInChatMessage": true, "scheduledCallEditMessage": true,
	"stickerSyncRmrMessage": true, "messageHistoryBundle": true, "messageHistoryNotice": true, "albumMessage": true,
}

var fields = (*waE2E.Message)(nil).ProtoReflect().Descriptor().Fields()

// inner returns the message inside a wrapper, or nil.
func inner(message *waE2E.Message, wrapper string) *waE2E.Message {
	field := fields.ByName(protoreflect.Name(wrapper))
	if field == nil || !message.ProtoReflect().Has(field) {
		return nil
	}
	envelope := message.ProtoReflect().Get(field).Message()
	content := envelope.Descriptor().Fields().ByName("message")
	if content == nil || !envelope.Has(content) {
		return nil
	}
	found, _ := envelope.Get(content).Message().Interface().(*waE2E.Message)
	return found
}

// unwrap removes all wrappers. WhatsApp nests at most four; the limit protects against hostile messages.
func unwrap(message *waE2E.Message) (content *waE2E.Message, viewOnce bool) {
	content = message
	for range 10 {
		next := (*waE2E.Message)(nil)
		for _, wrapper := range wrappers {
			if next = inner(content, wrapper); next != nil {
				viewOnce = viewOnce || strings.HasPrefix(wrapper, "viewOnce")
				break
			}
		}
		if next == nil {
			break
		}
		content = next
	}
	return content, viewOnce
}

// visibleField returns the name of the field that a person sees, preferring one with a reader, or "" when the message
// shows nothing.
func visibleField(message *waE2E.Message) string {
	best, isBestReadable := protoreflect.FieldDescriptor(nil), false
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if hidden[string(field.Name())] {
			return true
		}
		_, isReadable := readers[string(field.Name())]
		isEarlier := best == nil || field.Number() < best.Number()
		if isReadable && !isBestReadable || isReadable == isBestReadable && isEarlier {
			best, isBestReadable = field, isReadable
		}
		return true
	})
	if best == nil {
		return ""
	}
	return string(best.Name())
}

// visibleText returns the text or caption of a wire message.
func visibleText(message *waE2E.Message) string {
	inner, _ := unwrap(message)
	if field := visibleField(inner); field != "" {
		return read(field, inner).text
	}
	return ""
}
