SELECT $a(b c);SELECT $::x::y;SELECT $(a);SELECT $$ ; $$;
