package http

import (
	"slices"
	"strings"
	"testing"
)

// If two HTTP parsers disagree on where a request ends, one may take a part of a body for another request. No proxy
// stands in front of this program, so the test only checks that a body is never answered as a request.
func TestNoBodyIsTakenForARequest(t *testing.T) {
	d := newTestServer(t)
	inner := d.request("GET", "/v1/operations", "")
	whole := "0\r\n\r\n"
	for name, test := range map[string]struct {
		text string
		want []int
	}{
		"in a body of its size":              {d.post(inner), []int{400}},
		"after a body of its size":           {d.post(`{"name":"x"}`) + inner, []int{200, 200}},
		"parts, and a size that is shorter":  {d.post(`c`+"\r\n"+`{"name":"x"}`+"\r\n"+whole, "Content-Length: 3", "Transfer-Encoding: chunked"), []int{200}},
		"parts, and a size that is longer":   {d.post("2\r\n{}\r\n"+whole+inner, "Content-Length: 400", "Transfer-Encoding: chunked"), []int{200, 200}},
		"parts that nobody can read":         {d.post(whole+inner, "Content-Length: 3", "Transfer-Encoding: xchunked"), []int{501}},
		"parts, twice":                       {d.post(whole+inner, "Transfer-Encoding: chunked", "Transfer-Encoding: identity"), []int{501}},
		"parts in parts":                     {d.post(whole+inner, "Transfer-Encoding: chunked, chunked"), []int{501}},
		"parts behind a strange space":       {d.post(whole+inner, "Transfer-Encoding:\x0bchunked", "Content-Length: 5"), []int{400}},
		"a space before the colon":           {d.post(whole+inner, "Transfer-Encoding : chunked", "Content-Length: 5"), []int{400}},
		"a line that ends without a return":  {d.post("2\n{}\n0\n\n"+inner, "Transfer-Encoding: chunked"), []int{400}},
		"a part of a size with a sign":       {d.post("+2\r\n{}\r\n"+whole+inner, "Transfer-Encoding: chunked"), []int{400}},
		"a part of a size beyond numbers":    {d.post("fffffffffffffffff2\r\n{}\r\n"+whole+inner, "Transfer-Encoding: chunked"), []int{400}},
		"a size that is a list":              {d.post(inner, "Content-Length: 0, 5"), []int{400}},
		"a size in a trailer":                {d.post("2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n", "Transfer-Encoding: chunked"), []int{200}},
		"a body where none is read":          {d.request("GET", "/v1/status", inner, "Content-Length: 5") + "\r\n\r\n", []int{200, 400}},
		"a body behind a refusal":            {strings.Replace(d.post(inner), secret, "x", 1) + inner, []int{401, 200}},
		"an upgrade to something else":       {d.request("GET", "/v1/status", inner, "Connection: Upgrade", "Upgrade: h2c"), []int{200, 200}},
		"a tunnel to an address of ours":     {d.request("CONNECT", "127.0.0.1:1", inner), []int{421, 200}},
		"three at once, in their order":      {d.post("{}") + d.request("GET", "/nothing", "") + inner, []int{200, 404, 200}},
		"something after one that is broken": {"GET /healthz\r\n\r\n" + inner, []int{400}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			answers := d.raw(t, test.text)
			for _, answer := range answers {
				got = append(got, answer.status)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("answered %v, not %v: %+v", got, test.want, answers)
			}
		})
	}
}
