variable "file" {
  description = "The file with the limits: the name or the id of an organization, and ACUs for each billing cycle."
  type        = string
  default     = "limits.yaml"
}
