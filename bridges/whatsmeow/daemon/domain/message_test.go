package domain

import "testing"

// Details are encoded as the Node writer encodes them.
func TestDetails_JSON(t *testing.T) {
	for name, test := range map[string]struct {
		details *Details
		want    string
	}{
		"media": {&Details{Media: &Media{MimeType: "image/jpeg", Size: 5, SHA256: []byte{1, 2, 3}}},
			`{"media":{"mime_type":"image/jpeg","size":5,"sha256":"AQID"}}`},
		"quote after content": {&Details{Link: &Link{URL: "https://a.example/?a=1&b=<2>"}, Quoted: &Quoted{ID: "A"}},
			`{"link":{"url":"https://a.example/?a=1&b=<2>"},"quoted":{"id":"A"}}`},
		"zero coordinates": {&Details{Location: &Location{Latitude: -0.5, Longitude: 1e-7}},
			`{"location":{"latitude":-0.5,"longitude":1e-7}}`},
		"separators": {&Details{WireType: "a\u2028b\\u2028c\u2029\\"},
			"{\"wire_type\":\"a\u2028b\\\\u2028c\u2029\\\\\"}"},
		"poll": {&Details{Poll: &Poll{Question: "q", Options: []string{}}},
			`{"poll":{"question":"q","options":[],"selectable":0}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := *test.details.JSON(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	var none *Details
	if none.JSON() != nil {
		t.Error("no details have a stored form")
	}
}

// A batch is empty when it has no rows.
func TestBatch_Empty(t *testing.T) {
	var batch Batch
	if !batch.Empty() {
		t.Error("a new batch is not empty")
	}
	batch.Add(Batch{Members: []Member{{ChatJID: "1@g.us"}}})
	batch.Add(Batch{Changes: []Change{{MessageID: "A"}}})
	if batch.Empty() || len(batch.Members) != 1 || len(batch.Changes) != 1 {
		t.Errorf("what was added is not there: %+v", batch)
	}
}
