terraform {
  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

# The key comes from the environment variable DEVIN_API_KEY, so that it stands
# in no file and in no state.
provider "devin" {}
