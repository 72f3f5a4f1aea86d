// Worker packs parcels: it reads orders over HTTP/2 and prints labels.
package main

import (
	"log"
	"net/http"

	"golang.org/x/net/http2"
)

func main() {
	server := &http.Server{Addr: ":8443", Handler: http.HandlerFunc(label)}
	if err := http2.ConfigureServer(server, nil); err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.ListenAndServeTLS("tls.crt", "tls.key"))
}

func label(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("label for " + r.URL.Query().Get("order")))
}
