module shop.internal/worker

go 1.21

require golang.org/x/net v0.15.0
