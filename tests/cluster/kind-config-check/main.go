// Decodes kind-config.yaml strictly with kind's own types: an unknown or misspelt field is an error. kind itself
// cannot be tried without a Docker engine.
package main

import (
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err == nil {
		decoder := yaml.NewDecoder(file)
		decoder.KnownFields(true)
		err = decoder.Decode(&v1alpha4.Cluster{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, os.Args[1]+":", err)
		os.Exit(1)
	}
	fmt.Println(os.Args[1] + ": every field is one of kind's")
}
