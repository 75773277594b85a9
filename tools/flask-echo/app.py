"""Answers with what it was sent. gunicorn stops gracefully on SIGTERM."""

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/")
def index():
    return jsonify(tool="flask-echo", message="Hello from Flask")


@app.route("/echo", methods=["GET", "POST"])
def echo():
    return jsonify(
        method=request.method,
        query=request.args.to_dict(flat=False),
        body=request.get_data(as_text=True),
    )


@app.get("/health")
def health():
    return jsonify(status="ok")
