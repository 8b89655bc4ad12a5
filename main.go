// Command terraform-provider-devin reads Devin usage into Terraform.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/devin-community/terraform-provider-devin/internal/devin/contract"
	"github.com/devin-community/terraform-provider-devin/internal/provider"
)

// providerAddress is where the registry lists this provider. Terraform compares it with
// the source in a configuration only when a debugger is attached.
const providerAddress = "registry.terraform.io/devin-community/devin"

// protocolLog sets the level at which plugin-go logs the protocol with Terraform.
const protocolLog = "TF_LOG_SDK_PROTO"

// Set by the linker, see GNUmakefile.
var (
	version = "dev"
	commit  = "unknown"
)

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print TF_REATTACH_PROVIDERS and wait for Terraform")
	showVersion := flag.Bool("version", false, "print version and commit, then exit")
	askContract := flag.Bool("contract", false, "ask the Devin API which of this provider's assumptions hold, print a report that can be published, then exit")
	flag.Parse()

	if *showVersion {
		fmt.Printf("terraform-provider-devin %s (commit %s)\n", version, commit)
		return
	}
	if *askContract {
		os.Exit(contract.Main(version, os.Getenv, os.Stdout, os.Stderr))
	}

	// plugin-go would log every error at ERROR, with the ids of people and the text
	// of the server that may be in it. Terraform prints the same error anyway.
	if os.Getenv(protocolLog) == "" {
		if err := os.Setenv(protocolLog, "OFF"); err != nil {
			log.Fatal(err)
		}
	}
	var opts []tf6server.ServeOpt
	if *debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	server, err := provider.NewServer(provider.Options{Version: version})
	if err == nil {
		// plugin-go asks for the server once in the life of a process.
		err = tf6server.Serve(providerAddress, func() tfprotov6.ProviderServer { return server }, opts...)
	}
	if err != nil {
		log.Fatal(err)
	}
}
