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
	// maxHelloBytes limits the body of the handshake.
	maxHelloBytes = 1 << 10
	// helloLabel derives a key from the token that is used for these proofs only.
	helloLabel = "whatsapp-hybrid-mcp wa-bridge hello 1"
)

// The side that proves that it knows the token. It is part of the proof, so a caller cannot return the server's own
// proof.
const (
	serverSide = "server"
	clientSide = "client"
)

// challenge is the input of both proofs of one connection: the two nonces in hex and the server's address.
type challenge struct{ client, server, address string }

// proofOf returns the proof, in hex, that one side knows the token, without revealing it. bridges/whatsmeow/proof.ts
// computes the same; contract/proof.json holds test vectors for both.
func proofOf(token, side string, c challenge) string {
	key := keyed([]byte(token), helloLabel)
	return hex.EncodeToString(keyed(key, strings.Join([]string{side, c.client, c.server, c.address}, "\n")))
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// addressOf returns the address of this program as the caller must have used it. On this machine that is the address
// of the connection itself, so a program in the middle cannot pass our proof on: it has another address. From another
// machine an address may be translated on its way, so there it is the requested host.
func addressOf(r *http.Request) string {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if ok && local.IP.IsLoopback() {
		return local.String()
	}
	return strings.ToLower(r.Host)
}

type helloRequest struct {
	Nonce string `json:"nonce"`
}

type helloResponse struct {
	Nonce string `json:"nonce"`
	Proof string `json:"proof"`
}

// hello proves to a caller that this program knows the token. The caller learns nothing that it could use elsewhere:
// the proof is valid only for its nonce, on its connection, at this address.
func (s *Server) hello(w http.ResponseWriter, r *http.Request) {
	var in helloRequest
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
	answer(w, http.StatusOK, helloResponse{Nonce: asked.server, Proof: proofOf(s.options.Token, serverSide, asked)})
}

type proofRequest struct {
	Proof string `json:"proof"`
}

// prove checks the caller's proof over the answer of hello on the same connection. From then on that connection needs
// no token. Each hello allows one attempt.
func (s *Server) prove(w http.ResponseWriter, r *http.Request) {
	var in proofRequest
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
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxHelloBytes))
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
