//go:build simulator

package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

func simulatorFlag(flags *flag.FlagSet, into *string) {
	flags.StringVar(into, "simulator", "", "URL of the document of a simulated WhatsApp on this machine")
}

// simulatorDocument is the door of a simulated WhatsApp.
type simulatorDocument struct {
	SocketURL   string `json:"socket_url"`
	MediaOrigin string `json:"media_origin"`
	NoiseRoot   string `json:"noise_root"`
}

// useSimulator leads all connections to a simulated WhatsApp on this machine, and trusts its key. It holds for the whole
// process, and for no session of the real WhatsApp: those have a folder of their own.
func useSimulator(ctx context.Context, from string, settings *wa.DeviceSettings) (world, error) {
	if from == "" {
		return world{}, nil
	}
	document, err := fetchDocument(ctx, from)
	if err != nil {
		return world{}, err
	}
	socket, err := loopback(document.SocketURL)
	media, mediaErr := loopback(document.MediaOrigin)
	root, rootErr := hex.DecodeString(document.NoiseRoot)
	if err := errors.Join(err, mediaErr, rootErr); err != nil {
		return world{}, err
	}
	if len(root) != len(whatsmeow.WACertPubKey) {
		return world{}, errors.New("the key of the simulator has another length")
	}
	copy(whatsmeow.WACertPubKey[:], root)
	client := redirected(socket, media)
	settings.Configure = func(made *whatsmeow.Client) {
		made.SetWebsocketHTTPClient(client)
		made.SetPreLoginHTTPClient(client)
		made.SetMediaHTTPClient(client)
	}
	return world{http: client, simulated: true}, nil
}

func fetchDocument(ctx context.Context, from string) (simulatorDocument, error) {
	var document simulatorDocument
	if _, err := loopback(from); err != nil {
		return document, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return document, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return document, err
	}
	defer response.Body.Close()
	return document, json.NewDecoder(response.Body).Decode(&document)
}

// loopback is the address of a URL that leads to this machine.
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

// redirected reaches the simulator under the names of WhatsApp, without TLS, and nothing else.
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
