"""Camphor: public consultation, from a resident's sentence to a verified deed."""
