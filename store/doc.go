// Package store keeps the work of sohoa: documents, their versions and pages,
// what people corrected, an audit log, and the jobs that are still to do.
//
// It runs on SQLite (one machine, the default) and on PostgreSQL (many), with
// the same code and the same SQL but for a few lines in sqlite.go and
// postgres.go; storetest holds the tests that both pass. Jobs are River's.
//
//	Submit ─► version, split job
//	split  ─► page jobs, ranked so that documents share the workers
//	page   ─► page row; whoever adds the last one queues assemble
//	assemble ─► document, its fields and records; export job
//
// Each arrow is one transaction that holds the result and the completion of
// its job, so that a worker may die at any moment: either both are there or
// neither, and then the job is done again. A page row is inserted once; a
// second worker that comes with the same page finds it there and drops its own.
//
// The store knows no stage of the pipeline. [Work] holds the functions that
// read files, and cmd joins the two.
package store
