"""Tests of sre-advisor."""
