package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// version is the version of the npm package; the linker sets it.
var version = "development"

// addressNote tells programs of the same user where this one listens. It is valid while the process with this PID and
// start time runs; a caller must still check the server's proof.
type addressNote struct {
	PID       int    `json:"pid"`
	Start     string `json:"start"`
	URL       string `json:"url"`
	Version   string `json:"version"`
	Simulator bool   `json:"simulator"`
}

// publishAddress writes the note to bridge.json in the data directory, atomically and readable by the user alone.
// withdraw removes the file.
func publishAddress(dataDir string, found addressNote) (withdraw func() error, err error) {
	path := filepath.Join(dataDir, "bridge.json")
	text, err := json.Marshal(found)
	if err != nil {
		return nil, err
	}
	draft := fmt.Sprintf("%s.%d", path, found.PID)
	if err := os.WriteFile(draft, append(text, '\n'), 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(draft, path); err != nil {
		return nil, err
	}
	return func() error {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}, nil
}
