//go:build !nos3

package main

// Files may lie in a bucket that speaks S3 (MinIO and the like): the driver is
// linked here and not in the store, because it is large. Build with the tag
// nos3 to leave it out.
import _ "gocloud.dev/blob/s3blob"
