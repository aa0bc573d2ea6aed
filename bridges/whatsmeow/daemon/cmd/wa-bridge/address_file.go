package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// version is that of the package this was built from; the linker sets it.
var version = "development"

// addressNote tells programs of the same user where this one listens. They count while the process that began then runs,
// and even then whoever listens there has to prove itself.
type addressNote struct {
	PID       int    `json:"pid"`
	Start     string `json:"start"`
	URL       string `json:"url"`
	Version   string `json:"version"`
	Simulator bool   `json:"simulator"`
}

// publishAddress writes them into the data directory, whole at once and for the user alone; withdraw removes them again.
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
