// A server for tests, of a size and start time that cost nothing: only net, no net/http. Environment:
// PORT (8000), ADDRESS (empty: all), HEALTH (status of /health, 200), SAYS (body of /), EXIT_AFTER_MS with EXIT_CODE,
// LISTEN_AFTER_MS, IGNORE_TERM. GET /slow/<ms> answers late, /exit/<code> ends it, /env/<NAME> tells a variable,
// /append/<text>/<path> adds to a file, /read/<path> tells it.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func number(name string, otherwise int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return otherwise
}

func main() {
	fmt.Println("starting", os.Getenv("CONTAINER_APP_REVISION"))
	if after := number("EXIT_AFTER_MS", -1); after >= 0 {
		time.AfterFunc(time.Duration(after)*time.Millisecond, func() {
			fmt.Fprintln(os.Stderr, "ending by plan")
			os.Exit(number("EXIT_CODE", 0))
		})
	}
	time.Sleep(time.Duration(number("LISTEN_AFTER_MS", 0)) * time.Millisecond)
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", os.Getenv("ADDRESS"), number("PORT", 8000)))
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", listener.Addr())
	var open sync.WaitGroup
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() {
		<-term
		if os.Getenv("IGNORE_TERM") != "" {
			return
		}
		listener.Close()
		open.Wait()
		fmt.Println("ended by SIGTERM")
		os.Exit(0)
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			time.Sleep(time.Minute)
			return
		}
		open.Add(1)
		go func() {
			defer open.Done()
			defer connection.Close()
			serve(connection)
		}()
	}
}

func appended(name string, text string) (int, string) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0666)
	if err != nil {
		return 500, err.Error()
	}
	defer file.Close()
	if _, err = file.WriteString(text); err != nil {
		return 500, err.Error()
	}
	return 200, "appended"
}

func serve(connection net.Conn) {
	reader := bufio.NewReader(connection)
	line, err := reader.ReadString('\n')
	if err != nil {
		return
	}
	for {
		header, err := reader.ReadString('\n')
		if err != nil || strings.TrimSpace(header) == "" {
			break
		}
	}
	path := strings.Fields(line + " / /")[1]
	status, body := 200, os.Getenv("SAYS")
	switch {
	case path == "/health":
		status, body = number("HEALTH", 200), "health"
	case strings.HasPrefix(path, "/slow/"):
		milliseconds, _ := strconv.Atoi(path[6:])
		time.Sleep(time.Duration(milliseconds) * time.Millisecond)
	case strings.HasPrefix(path, "/exit/"):
		code, _ := strconv.Atoi(path[6:])
		fmt.Println("asked to end with", code)
		os.Exit(code)
	case strings.HasPrefix(path, "/append/"):
		text, file, _ := strings.Cut(path[8:], "/")
		status, body = appended("/"+file, text)
	case strings.HasPrefix(path, "/read/"):
		bytes, err := os.ReadFile(path[5:])
		body = string(bytes)
		if err != nil {
			status, body = 404, err.Error()
		}
	case strings.HasPrefix(path, "/env/"):
		body = os.Getenv(path[5:])
	}
	fmt.Fprintf(connection, "HTTP/1.1 %d Test\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s", status, len(body), body)
}
