variable "idp_group" {
  description = "The group of the identity provider whose members get a limit, by its name."
  type        = string
}

variable "default_limit" {
  description = "ACUs that a member of the group may consume in a billing cycle."
  type        = number
}

variable "exceptions" {
  description = "ACUs for members of the group with another limit, by e-mail address."
  type        = map(number)
  default     = {}
}
