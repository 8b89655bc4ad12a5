variable "severities" {
  description = "Findings of these severities fail the plan."
  type        = list(string)
  default     = ["critical"]
}

variable "repo_name" {
  description = "Only findings in this repository, such as acme/web. Default: all."
  type        = string
  default     = null
}
