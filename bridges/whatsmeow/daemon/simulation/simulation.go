//go:build simulator

// Package simulation connects the library to a simulated WhatsApp. Release builds do not contain it.
package simulation

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
)

// document is where a simulated WhatsApp publishes its addresses and its key.
type document struct {
	SocketURL   string `json:"socket_url"`
	MediaOrigin string `json:"media_origin"`
	NoiseRoot   string `json:"noise_root"`
}

// Enter reads the document of a simulated WhatsApp at a loopback URL, makes this whole process trust its key, and
// returns the HTTP client that connects to it. It fails for an address that is not on this machine. Real sessions are
// safe: simulated ones have a data directory of their own.
func Enter(ctx context.Context, from string) (*http.Client, error) {
	found, err := fetchDocument(ctx, from)
	if err != nil {
		return nil, err
	}
	socket, err := loopback(found.SocketURL)
	media, mediaErr := loopback(found.MediaOrigin)
	root, rootErr := hex.DecodeString(found.NoiseRoot)
	if err := errors.Join(err, mediaErr, rootErr); err != nil {
		return nil, err
	}
	if len(root) != len(whatsmeow.WACertPubKey) {
		return nil, errors.New("the key of the simulator has another length")
	}
	copy(whatsmeow.WACertPubKey[:], root)
	return redirected(socket, media), nil
}

// Lead makes a client send everything through the given HTTP client.
func Lead(made *whatsmeow.Client, way *http.Client) {
	made.SetWebsocketHTTPClient(way)
	made.SetPreLoginHTTPClient(way)
	made.SetMediaHTTPClient(way)
}

func fetchDocument(ctx context.Context, from string) (document, error) {
	var found document
	if _, err := loopback(from); err != nil {
		return found, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return found, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return found, err
	}
	defer response.Body.Close()
	return found, json.NewDecoder(response.Body).Decode(&found)
}

// loopback returns host and port of a URL, and fails when it does not lead to this machine.
func loopback(text string) (string, error) {
	parsed, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(parsed.Hostname()); parsed.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("a simulator is on this machine alone")
	}
	return parsed.Host, nil
}

// redirected returns a client that connects WhatsApp's host names to the simulator, without TLS, and fails for any
// other host.
func redirected(socket, media string) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		target := ""
		switch {
		case err != nil:
			return nil, err
		case host == "web.whatsapp.com":
			target = socket
		case address == media, strings.HasSuffix(host, ".whatsapp.net"), strings.HasSuffix(host, ".whatsapp.com"):
			target = media
		default:
			return nil, errors.New("this host is not part of the simulation")
		}
		return (&net.Dialer{}).DialContext(ctx, network, target)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}
}
