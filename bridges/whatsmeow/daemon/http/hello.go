package http

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

const (
	nonceBytes = 32
	// largestHello is more than a nonce or a proof needs.
	largestHello = 1 << 10
	// helloLabel derives a key from the token that is used for nothing but these proofs.
	helloLabel = "whatsapp-hybrid-mcp wa-bridge hello 1"
)

// Who proves that it knows the token. One side's proof is never the other's, so that sending it back proves nothing.
const (
	serverSide = "server"
	clientSide = "client"
)

// challenge is what both proofs of one connection are made over.
type challenge struct{ client, server, address string }

// proofOf is a proof that its side knows the token, in hex. The token stays here; bridges/whatsmeow/proof.ts makes the
// same, and contract/proof.json holds both to it.
func proofOf(token, side string, c challenge) string {
	key := keyed([]byte(token), helloLabel)
	return hex.EncodeToString(keyed(key, strings.Join([]string{side, c.client, c.server, c.address}, "\n")))
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// addressOf is the address of this program as the caller must have used it. On this machine it is the connection's own
// address, whatever the caller says: a program that hands our proof on has another one. Beyond this machine an address
// may be translated on its way, so there it is the host that the caller asked for.
func addressOf(r *http.Request) string {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if ok && local.IP.IsLoopback() {
		return local.String()
	}
	return strings.ToLower(r.Host)
}

type greeter struct {
	Nonce string `json:"nonce"`
}

type greeted struct {
	Nonce string `json:"nonce"`
	Proof string `json:"proof"`
}

// hello proves to a caller who says nothing of itself that this program knows the token. It costs a caller who does not
// know the token nothing and gains them nothing: the proof is good for their nonce, on their connection, at this address.
func (s *Server) hello(w http.ResponseWriter, r *http.Request) {
	var in greeter
	if !readHello(w, r, &in) {
		return
	}
	if nonce, err := hex.DecodeString(in.Nonce); err != nil || len(nonce) != nonceBytes || strings.ToLower(in.Nonce) != in.Nonce {
		fail(w, domain.Errorf(domain.InvalidInput, "The nonce must be 32 bytes in hex."))
		return
	}
	own := make([]byte, nonceBytes)
	if _, err := rand.Read(own); err != nil {
		fail(w, err)
		return
	}
	asked := challenge{client: in.Nonce, server: hex.EncodeToString(own), address: addressOf(r)}
	s.open.challenge(r, &asked)
	answer(w, http.StatusOK, greeted{Nonce: asked.server, Proof: proofOf(s.options.Token, serverSide, asked)})
}

type proven struct {
	Proof string `json:"proof"`
}

// prove takes the caller's proof over what hello answered on the same connection. From then on that connection needs no
// token. One attempt for each hello.
func (s *Server) prove(w http.ResponseWriter, r *http.Request) {
	var in proven
	if !readHello(w, r, &in) {
		return
	}
	asked := s.open.challenge(r, nil)
	if asked == nil || !hmac.Equal([]byte(in.Proof), []byte(proofOf(s.options.Token, clientSide, *asked))) {
		refuse(w, http.StatusUnauthorized, domain.Errorf(domain.NotPermitted, "This proves no knowledge of the token."))
		return
	}
	s.open.prove(r)
	answer(w, http.StatusOK, map[string]bool{"proven": true})
}

func readHello(w http.ResponseWriter, r *http.Request, into any) bool {
	if !isJSON(r) {
		refuse(w, http.StatusUnsupportedMediaType, domain.Errorf(domain.InvalidInput, "The body must be application/json."))
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestHello))
	if err == nil {
		err = decode(body, into)
	} else {
		err = domain.Errorf(domain.InvalidInput, "The body is too large or ended too early.")
	}
	if err != nil {
		fail(w, err)
		return false
	}
	return true
}
