package main

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// startTime returns the start time of a process as text to compare, or "" where the system does not provide it. It
// tells a process from a later one with the same number. src/system/process.ts makes the same text.
func startTime(pid int) string {
	switch runtime.GOOS {
	case "linux":
		return linuxStartTime(pid)
	case "darwin":
		return macStartTime(pid)
	}
	return ""
}

// linuxStartTime joins the boot id and the start time in clock ticks since boot: field 22 of /proc/…/stat, the 20th after
// the name, which may itself contain spaces.
func linuxStartTime(pid int) string {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || len(fields) < 20 {
		return ""
	}
	return strings.TrimSpace(string(boot)) + ":" + fields[19]
}

func macStartTime(pid int) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, "/bin/ps", "-o", "lstart=", "-p", strconv.Itoa(pid))
	command.Env = []string{"LC_ALL=C", "TZ=UTC"}
	text, err := command.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
