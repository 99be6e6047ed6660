// Delivery: what goes out.
//
// This room reads an output topic and hands its records, batch by batch, to one destination: a loop (`DeliveryLoop`)
// that knows Kafka and no destination, and destinations (`Destination`) that know no Kafka. Whatever is delivered twice
// changes nothing the second time: each destination sees to that.
// Warehouses have a folder each: the embedded one (`SQLiteWarehouse`, one SQLite file), and one in a PostgreSQL database
// (`PostgresWarehouse`). Each stands on a small wrapper of its library. Services over HTTP have a file each below
// `Services`, and share everything else (`HTTPDestination`).
//
// What this room may not know: events, definitions and the engine. It reads changes as the topic's schema describes
// them, never as the pipeline makes them. It writes no log line and no record's content anywhere but to the
// destination; what happens is told to whoever runs the loop (`DeliveryEvent`).
