// Package conformance names the test suite, so that the module's requirements cover it.
package conformance

import _ "k8s.io/kubernetes/test/e2e"
