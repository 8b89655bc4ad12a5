variable "severities" {
  description = "Findings of these severities fail the plan."
  type        = list(string)
  default     = ["critical"]

  validation {
    condition     = length(var.severities) > 0
    error_message = "Without a severity there is nothing to fail on."
  }
}

variable "repo_name" {
  description = "Only findings in this repository, such as acme/web. Default: all."
  type        = string
  default     = null
}
