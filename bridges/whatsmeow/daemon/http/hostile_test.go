package http

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// canary is in every request here; no answer and no log may contain it.
const canary = "zq7private"

// rawAnswer is one raw answer.
type rawAnswer struct {
	status int
	kind   string
	text   string
}

// raw sends bytes that our clients never send, closes the sending side, and reads all answers.
func (d *testServer) raw(t *testing.T, text string) []rawAnswer {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() { // an answer may arrive before everything is sent
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	var answers []rawAnswer
	reader := bufio.NewReader(conn)
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			isCut := errors.Is(err, syscall.ECONNRESET) // the server may close before it reads the rest
			if !isCut && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("after %+v: %v", answers, err)
			}
			return answers
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, rawAnswer{response.StatusCode, response.Header.Get("Content-Type"), fmt.Sprint(response.Header) + string(body)})
		if strings.Contains(answers[len(answers)-1].text, canary) {
			t.Errorf("the answer says what was asked: %s", body)
		}
		if kind := response.Header.Get("Content-Type"); kind == "application/problem+json" {
			var told problem
			if err := json.Unmarshal(body, &told); err != nil || told.Status != response.StatusCode || domain.CodeInfos[told.Code].Status == 0 || told.Detail == "" {
				t.Errorf("this is no problem of ours: %s", body)
			}
		}
	}
}

// request returns a valid request except for the parts that a case changes.
func (d *testServer) request(method, path, body string, headers ...string) string {
	all := append([]string{"Host: " + d.address, "Authorization: Bearer " + secret, "X-Canary: " + canary}, headers...)
	return method + " " + path + " HTTP/1.1\r\n" + strings.Join(all, "\r\n") + "\r\n\r\n" + body
}

// post returns a request with this body; a case may set a wrong Content-Length.
func (d *testServer) post(body string, headers ...string) string {
	if !slices.ContainsFunc(headers, func(one string) bool {
		return strings.Contains(strings.ToLower(one), "length") || strings.Contains(one, "Encoding")
	}) {
		headers = append(headers, fmt.Sprint("Content-Length: ", len(body)))
	}
	return d.request("POST", "/v1/greeting.say", body, append(headers, "Content-Type: application/json")...)
}

func TestWhatIsNoProperRequestIsRefusedAndRepeatedNowhere(t *testing.T) {
	d := newTestServer(t)
	_, port, _ := net.SplitHostPort(d.address)
	bare := func(line string, headers ...string) string {
		return line + "\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
	}
	named := func(host string) string {
		return bare("GET /v1/status HTTP/1.1", "Host: "+host, "Authorization: Bearer "+secret)
	}
	long := strings.Repeat(canary, 200)
	deep := `{"name":` + strings.Repeat(`{"a":`, 100_000) + `1` + strings.Repeat("}", 100_001)
	for name, test := range map[string]struct {
		text string
		want []int
	}{
		"no host":                        {bare("GET /v1/status HTTP/1.1", "Authorization: Bearer "+secret), []int{400}},
		"no host, as of old":             {bare("GET /v1/status HTTP/1.0", "Authorization: Bearer "+secret), []int{421}},
		"two hosts":                      {bare("GET /v1/status HTTP/1.1", "Host: "+d.address, "Host: "+canary), []int{400}},
		"a host with a dot at its end":   {named("localhost.:" + port), []int{421}},
		"another dot":                    {named("127.0.0.1.:" + port), []int{421}},
		"a host in capitals":             {named("LOCALHOST:" + port), []int{200}},
		"a host of IPv6":                 {named("[::1]:" + port), []int{200}},
		"a long form of IPv6":            {named("[0:0:0:0:0:0:0:1]:" + port), []int{421}},
		"a mapped address":               {named("[::ffff:127.0.0.1]:" + port), []int{421}},
		"a zone":                         {named("[::1%25" + canary + "]:" + port), []int{421}},
		"a short form":                   {named("127.1:" + port), []int{421}},
		"a number":                       {named("2130706433:" + port), []int{421}},
		"a port with a zero":             {named("127.0.0.1:0" + port), []int{421}},
		"a name that resolves to us":     {named(canary + ".localtest.example:" + port), []int{421}},
		"a host and a user":              {named(canary + "@127.0.0.1:" + port), []int{400}},
		"a host of strange bytes":        {named("127.0.0.1\x01:" + port), []int{400}},
		"a whole address":                {d.request("GET", "http://"+d.address+"/v1/status", ""), []int{200}},
		"a whole address of another":     {d.request("GET", "http://"+canary+".example/v1/status", ""), []int{421}},
		"a star":                         {bare("OPTIONS * HTTP/1.1", "Host: "+canary), []int{421}},
		"a star of one who may ask":      {d.request("OPTIONS", "*", ""), []int{404}},
		"options":                        {d.request("OPTIONS", "/v1/status", ""), []int{405}},
		"options of a page":              {d.request("OPTIONS", "/v1/greeting.say", "", "Origin: https://"+canary+".example"), []int{403}},
		"a tunnel":                       {bare("CONNECT "+canary+".example:443 HTTP/1.1", "Host: "+canary+".example:443"), []int{421}},
		"a trace":                        {d.request("TRACE", "/v1/status", ""), []int{405}},
		"a made up method":               {d.request("ZQ7PRIVATE", "/v1/status", ""), []int{405}},
		"a path with two slashes":        {d.request("GET", "//v1/status", ""), []int{404}},
		"a path that goes up":            {d.request("GET", "/"+canary+"/../v1/status", ""), []int{404}},
		"a slash at the end":             {d.request("GET", "/v1/"+canary+"/", ""), []int{404}},
		"a hidden slash":                 {d.request("GET", "/v1%2Fstatus?"+canary, ""), []int{404}},
		"an operation of strange bytes":  {d.request("POST", "/v1/"+canary+"%0d%0aX-More:%201", "{}", "Content-Length: 2"), []int{501}},
		"an operation that goes up":      {d.request("POST", "/v1/..%2f"+canary, "{}", "Content-Length: 2"), []int{404}},
		"a long path":                    {d.request("GET", "/"+long, ""), []int{404}},
		"headers without end":            {d.request("GET", "/healthz", "", "X-More: "+strings.Repeat(canary, 4<<10)), []int{431}},
		"a thousand headers":             {d.request("GET", "/healthz", "", slices.Repeat([]string{"X-More: " + canary}, 2000)...), []int{431}},
		"no protocol":                    {"GET /healthz\r\n\r\n", []int{400}},
		"an old protocol":                {bare("GET /healthz HTTP/0.9", "Host: "+d.address), []int{505}},
		"a newer protocol":               {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + canary, []int{421}},
		"an unknown protocol":            {bare("GET /healthz "+canary+"/1.1", "Host: "+d.address), []int{400}},
		"TLS":                            {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + canary + "\r\n\r\n", []int{400}},
		"nothing but lines":              {strings.Repeat("\r\n", 10), []int{400}},
		"a folded header":                {d.request("GET", "/healthz", "", "X-More: a\r\n "+canary), []int{200}},
		"a space before a colon":         {d.request("GET", "/healthz", "", "X-More : "+canary), []int{400}},
		"a zero in a header":             {d.request("GET", "/healthz", "", "X-More: \x00"+canary), []int{400}},
		"something expected":             {d.post("{}", "Expect: "+canary), []int{417}},
		"a body that is waited for":      {d.post(`{"name":"x"}`, "Expect: 100-continue"), []int{100, 200}},
		"one that is too large for that": {d.post("", "Expect: 100-continue", "Content-Length: 1048577"), []int{413}},
		"a declared size that is wrong":  {d.post(canary, "Content-Length: 2000000"), []int{413}},
		"a size beyond numbers":          {d.post(canary, "Content-Length: 99999999999999999999"), []int{400}},
		"a negative size":                {d.post(canary, "Content-Length: -1"), []int{400}},
		"a size with a sign":             {d.post(canary, "Content-Length: +10"), []int{400}},
		"two sizes":                      {d.post(canary, "Content-Length: 10", "Content-Length: 5"), []int{400}},
		"a body that ends too early":     {d.post(`{"name":"`+canary, "Content-Length: 200"), []int{400}},
		"an oversized body in parts":     {d.post(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", maxBodyBytes+1, strings.Repeat("x", maxBodyBytes+1)), "Transfer-Encoding: chunked"), []int{413}},
		"parts that are none":            {d.post(canary+"\r\n", "Transfer-Encoding: chunked"), []int{400}},
		"an endless extension of a part": {d.post("1;"+strings.Repeat(canary, 2000)+"\r\n{\r\n", "Transfer-Encoding: chunked"), []int{400}},
		"deep nesting":                   {d.post(deep), []int{400}},
		"a name in deep nesting":         {d.post(`{"` + canary + `":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}"), []int{400}},
		"an address that is none":        {d.post(`{"jid":"` + canary + `@example.com"}`), []int{400}},
		"a long address":                 {d.post(`{"jid":"` + long + `"}`), []int{400}},
		"a type that lies":               {d.request("POST", "/v1/greeting.say", "{}", "Content-Length: 2", "Content-Type: text/plain; x=application/json; "+canary), []int{415}},
		"two types":                      {d.post("{}", "Content-Type: text/plain"), []int{415}},
	} {
		t.Run(name, func(t *testing.T) {
			answers := d.raw(t, test.text)
			var got []int
			for _, answer := range answers {
				got = append(got, answer.status)
				if answer.status >= 400 && answer.status != http.StatusExpectationFailed && answer.kind != "application/problem+json" {
					t.Errorf("%d is told as %q", answer.status, answer.kind)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("answered %v, not %v: %+v", got, test.want, answers)
			}
		})
	}
	if strings.Contains(d.log.String(), canary) {
		t.Errorf("the log says what was asked: %s", d.log)
	}
}
