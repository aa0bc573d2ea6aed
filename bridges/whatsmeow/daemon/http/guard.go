package http

import (
	"crypto/sha256"
	"crypto/subtle"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// guard checks who may call, before anything else of a request is read.
type guard struct {
	token [sha256.Size]byte
	hosts map[string]bool
}

func newGuard(token string, address net.Addr) *guard {
	g := &guard{token: sha256.Sum256([]byte(token)), hosts: map[string]bool{address.String(): true}}
	if _, port, err := net.SplitHostPort(address.String()); err == nil {
		for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
			g.hosts[net.JoinHostPort(name, port)] = true
		}
	}
	return g
}

// openPaths lists the paths that need no token: the handshake and the health check.
var openPaths = map[string]bool{"/healthz": true, "/v1/hello": true, "/v1/proof": true}

// check returns the HTTP status and the error of a refusal, or 0 and nil. isProven means that the connection has
// proven to know the token; a wrong token is refused even then. A web page can reach this machine under a host name
// of its own or from its own origin, and knows no token: each of the three checks alone keeps it out.
func (g *guard) check(r *http.Request, isProven bool) (int, *domain.Error) {
	switch {
	case !g.hosts[strings.ToLower(r.Host)]:
		return http.StatusMisdirectedRequest, domain.Errorf(domain.NotPermitted, "This is not the host you asked for.")
	case len(r.Header.Values("Origin")) > 0:
		return http.StatusForbidden, domain.Errorf(domain.NotPermitted, "Web pages may not ask this program.")
	case openPaths[r.URL.Path], isProven && len(r.Header.Values("Authorization")) == 0:
		return 0, nil
	case !g.hasToken(r.Header.Values("Authorization")):
		return http.StatusUnauthorized, domain.Errorf(domain.NotPermitted, "The bearer token is missing or wrong.")
	}
	return 0, nil
}

func (g *guard) hasToken(headers []string) bool {
	if len(headers) != 1 {
		return false
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	sum := sha256.Sum256([]byte(token)) // hashes have equal lengths, so the comparison reveals no length
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
}

// isJSON reports whether the body is JSON. A web page's form cannot send this content type without a CORS preflight.
func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// Listen opens the port. Hosts other than this machine need allowRemote and a token file that the user chose
// (ownToken); otherwise it fails with not_permitted.
func Listen(host string, port int, allowRemote, ownToken bool) (net.Listener, error) {
	ip := net.ParseIP(host)
	isLocal := host == "localhost" || ip != nil && ip.IsLoopback()
	if !isLocal && (!allowRemote || !ownToken) {
		return nil, domain.Errorf(domain.NotPermitted,
			"Listening beyond this machine needs --allow-remote and a token file of your own (--token-file).")
	}
	return net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}
