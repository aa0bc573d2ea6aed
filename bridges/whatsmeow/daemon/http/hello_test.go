package http

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// line is one connection that carries several requests.
type line struct {
	conn   net.Conn
	reader *bufio.Reader
	host   string
}

func (d *testServer) line(t *testing.T) *line {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &line{conn, bufio.NewReader(conn), d.address}
}

func (l *line) ask(t *testing.T, method, path, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+l.host+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	if err := request.Write(l.conn); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(l.reader, request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var told map[string]any
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return response.StatusCode, told
}

var callerNonce = strings.Repeat("0a", nonceBytes)

// hello is a caller's nonce and the challenge that both proofs use.
func (l *line) hello(t *testing.T, address string) challenge {
	t.Helper()
	status, told := l.ask(t, "POST", "/v1/hello", `{"nonce":"`+callerNonce+`"}`)
	if status != http.StatusOK {
		t.Fatalf("hello: %d %v", status, told)
	}
	asked := challenge{callerNonce, told["nonce"].(string), address}
	if told["proof"] != proofOf(secret, serverSide, asked) {
		t.Errorf("this is no proof over %s", address)
	}
	return asked
}

func (l *line) prove(t *testing.T, proof string) int {
	t.Helper()
	status, _ := l.ask(t, "POST", "/v1/proof", `{"proof":"`+proof+`"}`)
	return status
}

func (l *line) status(t *testing.T, headers ...string) int {
	t.Helper()
	status, _ := l.ask(t, "GET", "/v1/status", "", headers...)
	return status
}

func TestTheProofsAreThoseOfTheContract(t *testing.T) {
	text, err := os.ReadFile("../../contract/proof.json")
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Token       string `json:"token"`
		Client      string `json:"client"`
		Server      string `json:"server"`
		Address     string `json:"address"`
		ServerProof string `json:"server_proof"`
		ClientProof string `json:"client_proof"`
	}
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	asked := challenge{told.Client, told.Server, told.Address}
	if proofOf(told.Token, serverSide, asked) != told.ServerProof || proofOf(told.Token, clientSide, asked) != told.ClientProof {
		t.Errorf("other proofs than those of %s", text)
	}
}

func TestAConnectionThatProvedItselfNeedsNoToken(t *testing.T) {
	d := newTestServer(t)
	one, other := d.line(t), d.line(t)
	asked := one.hello(t, d.address)
	if got := one.status(t); got != 401 {
		t.Errorf("before the proof: %d", got)
	}
	if got := one.prove(t, proofOf(secret, clientSide, asked)); got != 200 {
		t.Fatalf("the proof: %d", got)
	}
	for name, test := range map[string]struct {
		line    *line
		headers []string
		want    int
	}{
		"on it":                       {one, nil, 200},
		"again":                       {one, nil, 200},
		"with the token too":          {one, []string{"Authorization", "Bearer " + secret}, 200},
		"with a wrong token":          {one, []string{"Authorization", "Bearer wrong"}, 401},
		"with two":                    {one, []string{"Authorization", "Bearer " + secret, "Authorization", "Bearer " + secret}, 401},
		"from a web page":             {one, []string{"Origin", "null"}, 403},
		"on another connection":       {other, nil, 401},
		"with the token on the other": {other, []string{"Authorization", "Bearer " + secret}, 200},
		"and never on it without":     {other, nil, 401},
	} {
		if got := test.line.status(t, test.headers...); got != test.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestWhatIsNoProofOpensNothing(t *testing.T) {
	d := newTestServer(t)
	for name, forge := range map[string]func(challenge) string{
		"ours, sent back":          func(c challenge) string { return proofOf(secret, serverSide, c) },
		"of another token":         func(c challenge) string { return proofOf(strings.Repeat("b", 64), clientSide, c) },
		"for another address":      func(c challenge) string { c.address = "127.0.0.1:1"; return proofOf(secret, clientSide, c) },
		"for another nonce":        func(c challenge) string { c.server = callerNonce; return proofOf(secret, clientSide, c) },
		"for another caller":       func(c challenge) string { c.client = c.server; return proofOf(secret, clientSide, c) },
		"half of it":               func(c challenge) string { return proofOf(secret, clientSide, c)[:32] },
		"in capitals":              func(c challenge) string { return strings.ToUpper(proofOf(secret, clientSide, c)) },
		"nothing":                  func(challenge) string { return "" },
		"the token itself, not it": func(challenge) string { return secret },
	} {
		l := d.line(t)
		asked := l.hello(t, d.address)
		if got := l.prove(t, forge(asked)); got != 401 {
			t.Errorf("%s: %d", name, got)
		}
		if got := l.prove(t, proofOf(secret, clientSide, asked)); got != 401 {
			t.Errorf("a second attempt after %s: %d", name, got)
		}
		if got := l.status(t); got != 401 {
			t.Errorf("asked after %s: %d", name, got)
		}
	}
}

func TestAProofIsGoodOnceAndOnItsOwnConnection(t *testing.T) {
	d := newTestServer(t)
	one, other := d.line(t), d.line(t)
	first := one.hello(t, d.address)
	second := other.hello(t, d.address)
	if first.server == second.server {
		t.Error("two nonces are the same")
	}
	if got := other.prove(t, proofOf(secret, clientSide, first)); got != 401 {
		t.Errorf("the proof of another connection: %d", got)
	}
	later := one.hello(t, d.address)
	if got := one.prove(t, proofOf(secret, clientSide, first)); got != 401 {
		t.Errorf("the proof for an earlier nonce: %d", got)
	}
	if got := one.prove(t, proofOf(secret, clientSide, later)); got != 401 {
		t.Errorf("after a wrong one: %d", got)
	}
	if got := d.line(t).prove(t, proofOf(secret, clientSide, later)); got != 401 {
		t.Errorf("without hello: %d", got)
	}
}

// A program in the middle can forward a caller's hello under any host name of this server.
func TestTheProofIsOverTheAddressOfTheConnectionWhateverIsAskedFor(t *testing.T) {
	d := newTestServer(t)
	_, port, err := net.SplitHostPort(d.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost:" + port, "[::1]:" + port, d.address} {
		l := d.line(t)
		l.host = host
		l.hello(t, d.address)
	}
	l := d.line(t)
	l.host = "127.0.0.1:1"
	if status, _ := l.ask(t, "POST", "/v1/hello", `{"nonce":"`+callerNonce+`"}`); status != http.StatusMisdirectedRequest {
		t.Errorf("for another address: %d", status)
	}
}

func TestAHelloThatIsNoneIsRefused(t *testing.T) {
	d := newTestServer(t)
	for name, test := range map[string]struct {
		path, body string
		headers    []string
		want       int
	}{
		"no nonce":         {"/v1/hello", `{}`, nil, 400},
		"a short one":      {"/v1/hello", `{"nonce":"0a"}`, nil, 400},
		"a long one":       {"/v1/hello", `{"nonce":"` + callerNonce + `00"}`, nil, 400},
		"in capitals":      {"/v1/hello", `{"nonce":"` + strings.ToUpper(callerNonce) + `"}`, nil, 400},
		"more than that":   {"/v1/hello", `{"nonce":"` + callerNonce + `","more":1}`, nil, 400},
		"of another type":  {"/v1/hello", `{"nonce":1}`, nil, 400},
		"far too much":     {"/v1/hello", `{"nonce":"` + strings.Repeat("0", 2<<10) + `"}`, nil, 400},
		"of a page":        {"/v1/hello", `{"nonce":"` + callerNonce + `"}`, []string{"Origin", "http://" + d.address}, 403},
		"a form of a page": {"/v1/hello", `{"nonce":"` + callerNonce + `"}`, []string{"Content-Type", "text/plain"}, 415},
		"no proof":         {"/v1/proof", `{}`, nil, 401},
		"a proof of such":  {"/v1/proof", `{"proof":true}`, nil, 400},
	} {
		l := d.line(t)
		request := append([]string{}, test.headers...)
		status := 0
		if len(request) > 0 && request[0] == "Content-Type" {
			answers := d.raw(t, "POST /v1/hello HTTP/1.1\r\nHost: "+d.address+"\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
			status = answers[0].status
		} else {
			status, _ = l.ask(t, "POST", test.path, test.body, request...)
		}
		if status != test.want {
			t.Errorf("%s: %d", name, status)
		}
	}
}
