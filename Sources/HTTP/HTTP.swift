// HTTP: requests to servers, by libcurl.
//
// One client (`HTTPClient`) sends one request after the other and keeps connections alive between them. Certificates are
// checked, no redirect is followed, every request has its times and every answer its bound: what a server does wrong is a
// typed error (`HTTPError`), and an answer of any status is an answer (`HTTPAnswer`).
//
// What this room may not know: what is sent, to whom and why, and what a status means to them. It writes no log line; of
// a request's address no error tells more than the host, because addresses may hold secrets.
